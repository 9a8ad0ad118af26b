"""A cart is a cart also when products is slow, dead, or talks nonsense."""

import httpx2
import orjson
import pytest

from tests.services.cart.conftest import Shop
from tests.services.cart.products_beside import Thing

NOT_KNOWN = {"name": None, "unit_price": None, "compare_at": None, "line_total": None, "available": None}

FAILURES: dict[str, httpx2.Response | Exception] = {
    "dead": httpx2.ConnectError("refused"),
    "reset": httpx2.ReadError("reset"),
    "broken": httpx2.Response(500),
    "overloaded": httpx2.Response(429),
    "html": httpx2.Response(200, content=b"<html>"),
    "no items": httpx2.Response(200, content=b"{}"),
    "float money": httpx2.Response(
        200,
        content=orjson.dumps({"items": [{**Thing("MUG", 1, "Mug", "").offer(language="en"), "price": 12.5}]}),
    ),
    "refusing": httpx2.Response(403, content=b'{"code": "forbidden"}'),
    "other currency": httpx2.Response(
        200,
        content=orjson.dumps({"items": [Thing("MUG", 1, "Mug", "", currency="USD").offer(language="en")]}),
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_lines_are_shown_without_prices_and_nothing_new_is_added(shop: Shop, failure: str) -> None:
    who = await shop.guest(MUG=2)
    before = await shop.rows()
    shop.products.say(FAILURES[failure])
    cart = await shop.cart(who)
    item = cart["items"][0]
    assert (item["sku"], item["quantity"], cart["subtotal"]) == ("MUG", 2, None)
    assert {name: item[name] for name in NOT_KNOWN} == NOT_KNOWN
    refused = await shop.add(who, "MUG")
    assert (refused.status_code, refused.json()["code"]) == (503, "dependency_unavailable")
    assert refused.headers["retry-after"] == "2"
    assert await shop.rows() == before


async def test_lines_can_be_changed_and_removed_without_products(shop: Shop) -> None:
    who = await shop.guest(MUG=2, CAP=1)
    first, second = (item["id"] for item in (await shop.cart(who))["items"])
    shop.products.say(FAILURES["dead"])
    assert (await shop.client.put(f"/cart/{first}", json={"quantity": 4}, headers=who)).status_code == 200
    answer = await shop.client.delete(f"/cart/{second}", headers=who)
    assert [(item["sku"], item["quantity"]) for item in answer.json()["items"]] == [("MUG", 4)]
    assert (await shop.client.delete("/cart", headers=who)).json()["subtotal"]["amount"] == 0


async def test_nobody_waits_for_a_slow_products_service(shop: Shop) -> None:
    who = await shop.guest(MUG=2)
    shop.products.pause = 30
    assert (await shop.cart(who))["subtotal"] is None
    assert (await shop.add(who, "MUG")).status_code == 503


async def test_prices_come_back_with_products(shop: Shop) -> None:
    who = await shop.guest(MUG=2)
    shop.products.say(FAILURES["dead"])
    assert (await shop.cart(who))["subtotal"] is None
    shop.products.answer = None
    shop.products.things["MUG"].amount = 1300
    assert (await shop.cart(who))["subtotal"] == {"amount": 2600, "currency": "EUR"}
