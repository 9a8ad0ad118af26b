"""Holding, allocating and releasing stock for orders."""

from uuid import UUID, uuid4

import pytest

from chassis.ids import new_id
from products.inventory.sweeper import sweep, tidy
from tests.services.products.shop import ProductsShop, shirt

GRACE = 900


async def _shirts(shop: ProductsShop, stock: int = 3) -> list[str]:
    product = await shop.add_body(shirt(stock=stock))
    return [variant["id"] for variant in product["variants"]]


async def test_all_lines_are_held_or_none(shop: ProductsShop) -> None:
    first, second, *_ = await _shirts(shop)
    order = new_id()
    answer = await shop.reserve(order, {first: 2, second: 3})
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "order_id": str(order),
            "state": "held",
            "lines": [
                {"variant_id": first, "sku": "TEE-RM", "quantity": 2},
                {"variant_id": second, "sku": "TEE-BM", "quantity": 3},
            ],
        },
    )
    other = new_id()
    short = await shop.reserve(other, {first: 1, second: 1})
    assert (short.status_code, short.json()["code"]) == (409, "out_of_stock")
    assert short.json()["shortages"] == [
        {"variant_id": second, "sku": "TEE-BM", "requested": 1, "available": 0}
    ]
    assert await shop.counters("TEE-RM") == (3, 2, 0, 0, 1)
    assert await shop.db.fetchval("SELECT count(*) FROM reservations") == 1
    assert (await shop.reserve(other, {first: 1})).status_code == 200, "a refused id may try again"


async def test_lines_of_one_variant_are_added_up(shop: ProductsShop) -> None:
    variant, *_ = await _shirts(shop)
    lines = [{"variant_id": variant, "quantity": 2}, {"variant_id": variant, "quantity": 2}]
    body = {"lines": lines, "ttl_seconds": 60}
    answer = await shop.client.put(f"/internal/reservations/{new_id()}", json=body, headers=shop.orders)
    assert answer.status_code == 409
    assert answer.json()["shortages"][0] == {
        "variant_id": variant,
        "sku": "TEE-RM",
        "requested": 4,
        "available": 3,
    }
    body["lines"] = [{"variant_id": variant, "quantity": 1}, {"variant_id": variant, "quantity": 2}]
    answer = await shop.client.put(f"/internal/reservations/{new_id()}", json=body, headers=shop.orders)
    assert answer.json()["lines"] == [{"variant_id": variant, "sku": "TEE-RM", "quantity": 3}]


async def test_the_same_id_and_body_hold_once(shop: ProductsShop) -> None:
    variant, *_ = await _shirts(shop)
    order = new_id()
    first = await shop.reserve(order, {variant: 2})
    assert (await shop.reserve(order, {variant: 2})).json() == first.json()
    assert await shop.counters("TEE-RM") == (3, 2, 0, 0, 1)
    other = await shop.reserve(order, {variant: 1})
    assert (other.status_code, other.json()["code"]) == (422, "id_reused")
    assert await shop.counters("TEE-RM") == (3, 2, 0, 0, 1)


async def test_what_cannot_be_bought_cannot_be_held(shop: ProductsShop) -> None:
    product = await shop.add(stock=5)
    variant = product["variants"][0]["id"]
    await shop.client.delete(f"/products/{product['id']}", headers=shop.staff)
    unknown = str(uuid4())
    answer = await shop.reserve(new_id(), {variant: 1, unknown: 1})
    assert answer.status_code == 409
    assert sorted(answer.json()["shortages"], key=lambda one: one["variant_id"]) == sorted(
        [
            {"variant_id": variant, "sku": "MUG", "requested": 1, "available": 0},
            {"variant_id": unknown, "sku": None, "requested": 1, "available": 0},
        ],
        key=lambda one: str(one["variant_id"]),
    )


async def test_commit_allocates_once(shop: ProductsShop) -> None:
    variant, *_ = await _shirts(shop)
    order = new_id()
    await shop.reserve(order, {variant: 2})
    for _ in range(2):
        answer = await shop.commit(order)
        assert (answer.status_code, answer.json()["state"]) == (200, "allocated")
    assert await shop.counters("TEE-RM") == (3, 0, 2, 0, 1)
    assert (await shop.reserve(order, {variant: 2})).json()["state"] == "allocated"


@pytest.mark.parametrize("committed", [False, True])
async def test_release_gives_back_what_was_held_or_allocated(shop: ProductsShop, committed: bool) -> None:
    variant, *_ = await _shirts(shop)
    order = new_id()
    await shop.reserve(order, {variant: 2})
    if committed:
        await shop.commit(order)
    for _ in range(2):
        answer = await shop.release(order)
        assert (answer.status_code, answer.json()["state"]) == (200, "released")
    assert await shop.counters("TEE-RM") == (3, 0, 0, 0, 3)
    for late in (await shop.commit(order), await shop.reserve(order, {variant: 2})):
        assert (late.status_code, late.json()["code"]) == (410, "reservation_released")
    assert await shop.counters("TEE-RM") == (3, 0, 0, 0, 3)


async def test_a_release_before_its_reservation_closes_the_door(shop: ProductsShop) -> None:
    variant, *_ = await _shirts(shop)
    order = new_id()
    answer = await shop.release(order)
    assert answer.json() == {"order_id": str(order), "state": "released", "lines": []}
    late = await shop.reserve(order, {variant: 1})
    assert (late.status_code, late.json()["code"]) == (410, "reservation_released")
    assert await shop.counters("TEE-RM") == (3, 0, 0, 0, 3)


async def test_commit_of_an_unknown_order_is_not_found(shop: ProductsShop) -> None:
    answer = await shop.commit(new_id())
    assert (answer.status_code, answer.json()["code"]) == (404, "reservation_not_found")


async def _expired(shop: ProductsShop, variant: str, quantity: int) -> UUID:
    order = new_id()
    await shop.reserve(order, {variant: quantity})
    await shop.overdue(order, seconds=GRACE + 1)
    assert await sweep(shop.db, grace_seconds=GRACE) == 1
    return order


async def test_commit_works_past_the_expiry_while_the_goods_are_held(shop: ProductsShop) -> None:
    variant, *_ = await _shirts(shop)
    order = new_id()
    await shop.reserve(order, {variant: 1})
    await shop.overdue(order, seconds=GRACE - 5)
    assert await sweep(shop.db, grace_seconds=GRACE) == 0
    assert (await shop.commit(order)).json()["state"] == "allocated"
    await shop.overdue(order, seconds=GRACE + 5)
    assert await sweep(shop.db, grace_seconds=GRACE) == 0, "what is allocated never expires"


async def test_an_overdue_hold_is_swept_and_taken_anew_by_commit(shop: ProductsShop) -> None:
    variant, *_ = await _shirts(shop)
    order = await _expired(shop, variant, 2)
    assert await shop.counters("TEE-RM") == (3, 0, 0, 0, 3)
    assert (await shop.reserve(order, {variant: 2})).status_code == 410
    assert (await shop.commit(order)).json()["state"] == "allocated"
    assert await shop.counters("TEE-RM") == (3, 0, 2, 0, 1)


async def test_a_swept_hold_that_somebody_else_bought_is_out_of_stock(shop: ProductsShop) -> None:
    variant, *_ = await _shirts(shop)
    order = await _expired(shop, variant, 2)
    await shop.reserve(new_id(), {variant: 2})
    answer = await shop.commit(order)
    assert (answer.status_code, answer.json()["code"]) == (409, "out_of_stock")
    assert answer.json()["shortages"][0]["available"] == 1
    assert await shop.counters("TEE-RM") == (3, 2, 0, 0, 1)
    assert (await shop.release(order)).json()["state"] == "released"
    assert await shop.counters("TEE-RM") == (3, 2, 0, 0, 1)


async def test_paid_goods_are_taken_anew_even_when_no_longer_on_sale(shop: ProductsShop) -> None:
    product = await shop.add(stock=1)
    order = await _expired(shop, product["variants"][0]["id"], 1)
    await shop.client.delete(f"/products/{product['id']}", headers=shop.staff)
    assert (await shop.commit(order)).json()["state"] == "allocated"


async def test_archiving_a_variant_leaves_its_promises(shop: ProductsShop) -> None:
    product = await shop.add(stock=2)
    variant = product["variants"][0]["id"]
    order = new_id()
    await shop.reserve(order, {variant: 1})
    await shop.client.delete(f"/products/{product['id']}", headers=shop.staff)
    assert (await shop.commit(order)).json()["state"] == "allocated"
    assert await shop.counters("MUG") == (2, 0, 1, 0, 1)


async def test_goods_that_left_the_house_are_not_released(shop: ProductsShop) -> None:
    variant, *_ = await _shirts(shop)
    order = new_id()
    await shop.reserve(order, {variant: 1})
    await shop.commit(order)
    await shop.db.execute("UPDATE reservations SET state = 'fulfilled' WHERE order_id = $1", order)
    answer = await shop.release(order)
    assert (answer.status_code, answer.json()["code"]) == (409, "reservation_fulfilled")
    assert (await shop.commit(order)).json()["state"] == "fulfilled"


async def test_no_order_holds_longer_than_the_shop_allows(shop: ProductsShop) -> None:
    variant, *_ = await _shirts(shop)
    order = new_id()
    await shop.reserve(order, {variant: 1}, ttl_seconds=30 * 24 * 3600)
    seconds = await shop.db.fetchval(
        "SELECT extract(epoch FROM expires_at - now())::int FROM reservations WHERE order_id = $1", order
    )
    assert 24 * 3600 - 60 <= seconds <= 24 * 3600


async def test_the_clock_sweeps_many_and_forgets_old_keys(shop: ProductsShop) -> None:
    variant, *_ = await _shirts(shop, stock=300)
    orders = [new_id() for _ in range(120)]
    for order in orders:
        await shop.reserve(order, {variant: 1})
    await shop.db.execute("UPDATE reservations SET expires_at = now() - interval '1 hour'")
    await shop.db.execute(
        "INSERT INTO idempotency_keys (scope, fingerprint, created_at) VALUES ('a', 'b', now() - interval '73 hours')"
    )
    await tidy(shop.db, grace_seconds=GRACE)
    assert await shop.counters("TEE-RM") == (300, 0, 0, 0, 300)
    assert await shop.db.fetchval("SELECT count(*) FROM idempotency_keys") == 0


@pytest.mark.parametrize("action", ["", "/commit", "/release"])
async def test_only_orders_may_reserve(shop: ProductsShop, action: str) -> None:
    variant, *_ = await _shirts(shop)
    body = {"lines": [{"variant_id": variant, "quantity": 1}], "ttl_seconds": 60} if not action else {}
    path = f"/internal/reservations/{new_id()}{action}"
    assert (await shop.client.put(path, json=body)).status_code == 401
    for headers in (shop.customer, shop.staff, shop.cart):
        answer = await shop.client.put(path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert await shop.db.fetchval("SELECT count(*) FROM reservations") == 0
