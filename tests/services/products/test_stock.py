"""Counting goods in and out, and why the counters are what they are."""

import asyncpg
import pytest

from chassis.ids import new_id
from tests.services.products.shop import ProductsShop, euro, shirt


async def test_an_adjustment_changes_what_is_on_hand_and_says_why(shop: ProductsShop) -> None:
    await shop.add(stock=5)
    answer = await shop.adjust("MUG", -2, "broken")
    assert answer.status_code == 201
    stock = answer.json()
    assert {
        name: stock[name] for name in ("sku", "on_hand", "held", "allocated", "shortage", "available")
    } == {
        "sku": "MUG",
        "on_hand": 3,
        "held": 0,
        "allocated": 0,
        "shortage": 0,
        "available": 3,
    }
    newest, first = stock["movements"]["items"]
    assert (newest["kind"], newest["change_on_hand"], newest["on_hand_after"], newest["reason"]) == (
        *("adjust", -2, 3, "broken"),
    )
    assert (first["kind"], first["change_on_hand"], first["cause"]) == ("initial", 5, "product")
    assert newest["actor"] == first["actor"] != ""
    assert (await shop.product("product-mug"))["available"] == 3


async def test_no_more_can_be_taken_away_than_is_there(shop: ProductsShop) -> None:
    await shop.add(stock=5)
    answer = await shop.adjust("MUG", -6)
    assert (answer.status_code, answer.json()["code"]) == (409, "stock_below_zero")
    assert await shop.counters("MUG") == (5, 0, 0, 0, 5)
    assert await shop.db.fetchval("SELECT count(*) FROM stock_movements") == 1


async def test_goods_lost_under_promises_are_a_shortage_until_they_come_back(shop: ProductsShop) -> None:
    product = await shop.add(stock=5)
    order, variant = new_id(), product["variants"][0]["id"]
    await shop.reserve(order, {variant: 4})
    assert (await shop.adjust("MUG", -3)).status_code == 201
    assert await shop.counters("MUG") == (2, 4, 0, 2, 0)
    assert (await shop.adjust("MUG", 1)).status_code == 201
    assert await shop.counters("MUG") == (3, 4, 0, 1, 0)
    assert (await shop.commit(order)).status_code == 200
    assert await shop.counters("MUG") == (3, 0, 4, 1, 0)
    assert (await shop.release(order)).status_code == 200
    assert await shop.counters("MUG") == (3, 0, 0, 0, 3)


async def test_the_same_key_counts_once(shop: ProductsShop) -> None:
    await shop.add(stock=5)
    headers = {**shop.staff, "idempotency-key": "delivery-7"}
    body = {"delta": 10, "reason": "delivery"}
    first = await shop.client.post("/stock/MUG/adjustments", json=body, headers=headers)
    again = await shop.client.post("/stock/MUG/adjustments", json=body, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert (await shop.counters("MUG"))[0] == 15


async def test_movements_come_in_pages_newest_first(shop: ProductsShop) -> None:
    await shop.add(stock=1)
    for _ in range(6):
        await shop.adjust("MUG", 1)
    seen: list[int] = []
    path = "/stock/MUG?limit=3"
    while path:
        page = (await shop.client.get(path, headers=shop.staff)).json()["movements"]
        seen += [movement["on_hand_after"] for movement in page["items"]]
        path = f"/stock/MUG?limit=3&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    foreign = await shop.client.get("/stock/MUG?cursor=x.y", headers=shop.staff)
    assert (foreign.status_code, foreign.json()["code"]) == (400, "invalid_cursor")


async def test_a_sku_may_hold_a_slash_and_unknown_ones_are_not_found(shop: ProductsShop) -> None:
    await shop.add("A/B", stock=1)
    assert (await shop.adjust("A/B", 1)).status_code == 201
    assert await shop.counters("A/B") == (2, 0, 0, 0, 2)
    for sku in ("NONE", "%00", "a b", "x" * 100, "-"):
        answer = await shop.client.get(f"/stock/{sku}", headers=shop.staff)
        assert (answer.status_code, answer.json()["code"]) == (404, "sku_not_found"), sku
        assert (await shop.adjust(sku, 1)).status_code == 404


async def test_the_live_variant_answers_for_its_sku(shop: ProductsShop) -> None:
    first = await shop.add("MUG", stock=1)
    await shop.client.delete(f"/products/{first['id']}", headers=shop.staff)
    assert await shop.counters("MUG") == (1, 0, 0, 0, 1)
    await shop.add("MUG", stock=9)
    assert await shop.counters("MUG") == (9, 0, 0, 0, 9)


async def test_backorder_sells_what_is_not_there(shop: ProductsShop) -> None:
    product = await shop.add(stock=1, backorder=True)
    variant = product["variants"][0]["id"]
    assert (await shop.reserve(new_id(), {variant: 5})).status_code == 200
    assert await shop.counters("MUG") == (1, 5, 0, 0, 0)
    assert await shop.names("in_stock=true") == ["Product MUG"]
    body = {"name": "Mug", "sku": "MUG", "price": euro(1), "backorder": False}
    assert (await shop.put_product(product, body)).status_code == 200
    assert await shop.counters("MUG") == (1, 5, 0, 4, 0)
    assert await shop.names("in_stock=true") == []
    assert (await shop.reserve(new_id(), {variant: 1})).status_code == 409


@pytest.mark.parametrize(
    ("who", "status"), [("nobody", 401), ("customer", 403), ("orders", 403), ("staff", 200)]
)
async def test_stock_is_for_staff(shop: ProductsShop, who: str, status: int) -> None:
    await shop.add_body(shirt())
    headers = {} if who == "nobody" else getattr(shop, who)
    assert (await shop.client.get("/stock/TEE-RM", headers=headers)).status_code == status
    body = {"delta": 1, "reason": "x"}
    answer = await shop.client.post("/stock/TEE-RM/adjustments", json=body, headers=headers)
    assert answer.status_code == (201 if who == "staff" else status)
    assert (await shop.counters("TEE-RM"))[0] == (4 if who == "staff" else 3)


async def test_what_was_written_cannot_be_rewritten_by_negative_counters(shop: ProductsShop) -> None:
    """The database itself refuses what no code path should try."""
    await shop.add(stock=1)
    for wrong in (
        "UPDATE stock SET held = -1",
        "UPDATE stock SET allocated = -1",
        "UPDATE stock SET on_hand = -1",
        "UPDATE stock SET shortage = -1",
        "UPDATE stock SET held = 2",
    ):
        with pytest.raises(asyncpg.CheckViolationError, match="ck_stock_"):
            await shop.db.execute(wrong)
