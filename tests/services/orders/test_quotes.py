"""`POST /quotes`."""

from typing import Any

import httpx2
import pytest

from orders import demo
from tests.services.orders.world import World


async def ask(world: World, **more: Any) -> httpx2.Response:
    body = {"lines": [{"sku": "MUG", "quantity": 2}], "country": "DE", **more}
    headers = {"accept-language": body.pop("language", "en")}
    return await world.client.post("/quotes", json=body, headers=headers)


async def test_a_quote_says_everything_and_keeps_nothing(world: World) -> None:
    answer = await ask(world, coupon=None)
    assert answer.status_code == 200
    quote = answer.json()
    line = quote["lines"][0]
    assert (line["sku"], line["name"], line["available"], line["quantity"]) == ("MUG", "Mug", 10, 2)
    assert line["tax"]["amount"] == 479
    totals = {name: quote[name]["amount"] for name in ("subtotal", "discount", "shipping", "tax", "total")}
    assert totals == {"subtotal": 3000, "discount": 0, "shipping": 490, "tax": 479 + 78, "total": 3490}
    assert quote["tax_included"] is True
    assert quote["shipping_method"] == "standard"
    assert quote["shipping_methods"] == [
        {
            "code": "standard",
            "name": "Standard delivery",
            "price": {"amount": 490, "currency": "EUR"},
            "estimate": "2-3 working days",
        },
        {
            "code": "express",
            "name": "Express courier",
            "price": {"amount": 1290, "currency": "EUR"},
            "estimate": "next working day",
        },
        {
            "code": "pickup",
            "name": "Pick up at the shop",
            "price": {"amount": 0, "currency": "EUR"},
            "estimate": "ready in two hours",
        },
    ]
    assert await world.one("SELECT count(*) FROM orders") == 0


async def test_in_russian(world: World) -> None:
    quote = (await ask(world, language="ru")).json()
    assert quote["lines"][0]["name"] == "Mug (ru)"
    assert quote["shipping_methods"][0]["name"] == "Обычная доставка"


@pytest.mark.parametrize(
    ("country", "method", "shipping", "tax"),
    [
        ("FR", "standard", 890, 500 + 148),
        ("RU", "standard", 1490, 541 + 269),
        ("US", "express", 4990, 0),
        ("GB", "standard", 1290, 500 + 215),
        ("JP", "standard", 1990, 0),
    ],
)
async def test_zones_and_taxes(world: World, country: str, method: str, shipping: int, tax: int) -> None:
    quote = (await ask(world, country=country, shipping_method=method)).json()
    assert (quote["shipping"]["amount"], quote["tax"]["amount"]) == (shipping, tax)


async def test_delivery_is_free_above_the_limit(world: World) -> None:
    quote = (await ask(world, lines=[{"sku": "TEE", "quantity": 2}])).json()
    assert quote["shipping"]["amount"] == 0


async def test_reduced_rates_follow_the_variant(world: World) -> None:
    world.products.add("BOOK", 1070, 5, tax_class="reduced")
    world.products.add("ODD", 1190, 5, tax_class="something-new")
    lines = [{"sku": "BOOK", "quantity": 1}, {"sku": "ODD", "quantity": 1}]
    quote = (await ask(world, lines=lines, shipping_method="pickup")).json()
    assert [line["tax"]["amount"] for line in quote["lines"]] == [70, 190]


async def test_the_demo_coupons(world: World) -> None:
    assert await demo.load(world.shop.db, currency="EUR") == ["WELCOME10", "SHIP5"]
    assert await demo.load(world.shop.db, currency="EUR") == []
    quote = (await ask(world, coupon="welcome10")).json()
    assert (quote["coupon"], quote["discount"]["amount"]) == ("WELCOME10", 300)
    assert (await ask(world, coupon="SHIP5")).json()["discount"]["amount"] == 500
    too_little = await ask(world, lines=[{"sku": "MUG", "quantity": 1}], coupon="SHIP5")
    assert too_little.json()["errors"][0]["code"] == "coupon_minimum"


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ("valid_until = now() - interval '1 s'", "coupon_expired"),
        ("valid_from = now() + interval '1 h'", "coupon_expired"),
        ("total_limit = 3, used = 3", "coupon_used_up"),
        ("active = false", "unknown_coupon"),
        ("minimum_subtotal_amount = 3001", "coupon_minimum"),
        ("kind = 'amount', percent = NULL, amount = 5, currency = 'USD'", "unknown_coupon"),
    ],
)
async def test_why_a_coupon_is_refused(world: World, columns: str, why: str) -> None:
    await world.sql("INSERT INTO coupons (code, kind, percent) VALUES ('C', 'percent', 10)")
    assert (await ask(world, coupon="C")).status_code == 200
    await world.sql(f"UPDATE coupons SET {columns}")  # noqa: S608  # the test's own words
    answer = await ask(world, coupon="C")
    assert (answer.status_code, answer.json()["code"]) == (422, "coupon_invalid")
    assert answer.json()["errors"][0]["pointer"] == "/coupon"
    assert answer.json()["errors"][0]["code"] == why


async def test_refusals_name_their_field(world: World) -> None:
    unknown = await ask(world, lines=[{"sku": "MUG", "quantity": 1}, {"sku": "NO", "quantity": 1}])
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_sku")
    assert unknown.json()["errors"][0]["pointer"] == "/lines/1/sku"
    assert (await ask(world, shipping_method="drone")).json()["code"] == "unknown_shipping_method"
    assert (await ask(world, country="US", shipping_method="pickup")).status_code == 422
    assert (await ask(world, country="ZZ")).json()["errors"][0]["code"] == "unknown_country"
    world.products.add("PRICELESS", None, 1)
    assert (await ask(world, lines=[{"sku": "PRICELESS", "quantity": 1}])).json()["code"] == "not_sellable"
    world.products.down = True
    assert (await ask(world)).status_code == 503


async def test_where_nothing_is_delivered(world: World) -> None:
    await world.sql("DELETE FROM shipping_rates WHERE zone = 'world'")
    answer = await ask(world, country="JP")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_delivered")
    placing = await world.order(shipping_address={**_address(), "country": "JP"})
    assert placing.json()["errors"][0]["pointer"] == "/shipping_address/country"


def _address() -> dict[str, str]:
    return {"name": "A", "line1": "B 1", "city": "C", "postal_code": "100-0001"}
