"""Simultaneous requests: one order, one last coupon, three open orders."""

import asyncio
from collections import Counter

import httpx2
import pytest

from chassis.ids import new_id
from orders.checkout import queries
from tests.services.orders.conftest import MakeWorld
from tests.services.orders.world import World

BUYERS = 10


async def test_twenty_clicks_are_one_order(world: World) -> None:
    cart_id = world.fill()
    answers = await asyncio.gather(*(world.order(cart_id) for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {201, 202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len({answer.json()["order_token"] for answer in answers}) == 1
    assert await world.one("SELECT count(*) FROM orders") == 1
    assert world.products.left("MUG") == 8
    assert len(world.payments.payments) == 1
    assert await world.one("SELECT count(*) FROM order_events WHERE event = 'order.placed'") == 1


async def test_twenty_clicks_with_the_last_coupon_are_one_order(world: World) -> None:
    await world.sql(
        "INSERT INTO coupons (code, kind, percent, total_limit) VALUES ('LAST', 'percent', 10, 1)"
    )
    cart_id = world.fill()
    answers = await asyncio.gather(*(world.order(cart_id, coupon="LAST") for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {201, 202}
    assert await world.one("SELECT count(*) FROM orders") == 1
    assert await world.one("SELECT used FROM coupons") == 1


async def test_a_click_after_it_is_paid_is_still_the_same_order(world: World) -> None:
    cart_id = world.fill()
    order = await world.ordered(cart_id=cart_id)
    world.cart.down = True
    world.payments.pay(order["id"])
    await world.tell(order["id"])
    await world.idle()
    world.cart.down = False
    world.close_breakers()
    answer = await world.order(cart_id)
    assert (answer.status_code, answer.json()["id"]) == (201, order["id"])
    assert answer.headers["idempotent-replayed"] == "true"
    assert answer.json()["status"] == "confirmed"


async def test_the_last_coupon_has_one_buyer(world: World) -> None:
    await world.sql(
        "INSERT INTO coupons (code, kind, percent, total_limit) VALUES ('LAST', 'percent', 10, 1)"
    )
    carts = [world.fill(MUG=1) for _ in range(BUYERS)]
    answers = await asyncio.gather(
        *(
            world.order(cart_id, coupon="LAST", email=f"buyer{number}@example.com")
            for number, cart_id in enumerate(carts)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: BUYERS - 1}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 422} == {"coupon_invalid"}
    assert await world.one("SELECT used FROM coupons") == 1
    assert await world.one("SELECT count(*) FROM coupon_redemptions") == 1
    assert await world.one("SELECT count(*) FROM orders") == 1


async def test_one_use_for_each_customer_is_one(world: World) -> None:
    await world.sql(
        "INSERT INTO coupons (code, kind, percent, per_customer_limit) VALUES ('MINE', 'percent', 10, 1)"
    )
    carts = [world.fill(MUG=1) for _ in range(4)]
    answers = await asyncio.gather(
        *(
            world.order(cart_id, coupon="MINE", email=email)
            for cart_id, email in zip(carts, ["a@x.de", "A@x.de", "a@X.de", "b@x.de"], strict=True)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {201: 2, 422: 2}
    assert await world.one("SELECT used FROM coupons") == 2


async def test_the_last_unit_has_one_buyer(world: World) -> None:
    world.products.add("ONE", 100, 1)
    carts = [world.fill(ONE=1) for _ in range(BUYERS)]
    answers = await asyncio.gather(*(world.order(cart_id) for cart_id in carts))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: BUYERS - 1}
    assert world.products.left("ONE") == 0


async def test_a_customer_has_three_open_orders_at_most(world: World) -> None:
    carts = [world.fill(customer=world.anna, MUG=1) for _ in range(6)]
    answers = await asyncio.gather(*(world.order(cart, who=world.customer()) for cart in carts))
    assert Counter(answer.status_code for answer in answers) == {201: 3, 429: 3}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("too_many_open_orders", "60")
    assert world.products.left("MUG") == 7
    first = next(answer.json() for answer in answers if answer.status_code == 201)
    await world.cancel(first["id"])
    await world.settle()
    again = world.fill(customer=world.anna, MUG=1)
    assert (await world.order(again, who=world.customer())).status_code == 201, "one slot is free"
    other = new_id()
    theirs = world.fill(customer=other, MUG=1)
    assert (await world.order(theirs, who=world.customer(other))).status_code == 201


async def test_a_changed_cart_must_wait_for_its_live_order(world: World) -> None:
    order = await world.ordered()
    world.cart.carts[order["cart_id"]]["version"] += 1
    answer = await world.order(order["cart_id"])
    assert answer.status_code == 409
    problem = answer.json()
    assert (problem["code"], problem["order_id"], problem["number"]) == (
        "order_in_progress",
        order["id"],
        order["number"],
    )
    assert problem["links"] == {"pay": order["payment"]["redirect_url"], "change": f"/orders/{order['id']}"}
    canceled = await world.client.delete(
        problem["links"]["change"], headers={"x-order-token": problem["order_token"]}
    )
    assert canceled.status_code == 202
    await world.settle()
    assert (await world.order(order["cart_id"])).status_code == 201


async def test_other_terms_for_the_same_cart_are_another_order(world: World) -> None:
    order = await world.ordered()
    answer = await world.order(order["cart_id"], email="other@example.com")
    assert (answer.status_code, answer.json()["code"]) == (409, "order_in_progress")


async def test_an_idempotency_key_gives_the_order_as_it_is_now(world: World) -> None:
    key = {"idempotency-key": "k-1"}
    cart_id = world.fill()
    first = await world.order(cart_id, headers=key)
    world.payments.pay(first.json()["id"])
    await world.tell(first.json()["id"])
    await world.settle()
    assert world.cart.carts[cart_id]["items"] == []
    again = await world.order(cart_id, headers=key)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json()["status"] == "confirmed"
    assert again.json()["order_token"] == first.json()["order_token"]
    other = await world.order(cart_id, headers=key, email="other@example.com")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    kept = await world.sql("SELECT * FROM idempotency_keys")
    assert first.json()["order_token"] not in str(kept), "no secret is kept"


async def test_parallel_requests_with_one_key_are_one_order(world: World) -> None:
    cart_id = world.fill()
    answers = await asyncio.gather(
        *(world.order(cart_id, headers={"idempotency-key": "k-2"}) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} <= {201, 202, 409}
    assert all(
        answer.json()["code"] == "idempotency_key_in_flight"
        for answer in answers
        if answer.status_code == 409
    )
    assert await world.one("SELECT count(*) FROM orders") == 1


async def test_ten_copies_of_one_event_are_one_look(world: World) -> None:
    order = await world.ordered()
    world.payments.pay(order["id"])
    event = new_id()
    await asyncio.gather(*(world.tell(order["id"], event) for _ in range(10)))
    await world.settle()
    assert world.payments.count("PUT", "/capture$") == 1
    assert await world.one("SELECT count(*) FROM inbox") == 1
    assert await world.one("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'mail'") == 1


async def test_cancel_and_payment_at_once_add_up(world: World) -> None:
    for _ in range(8):
        order = await world.ordered(cart_id=world.fill(MUG=1))
        world.payments.pay(order["id"])
        world.payments.slow = 0.002
        await asyncio.gather(world.tell(order["id"]), world.cancel(order["id"]), world.tell(order["id"]))
        await world.settle()
        ended = await world.look(order["id"])
        assert ended["status"] == "canceled"
        assert world.payments.net(order["id"]) == 0
    assert world.products.left("MUG") == 10


async def test_two_workers_share_what_is_due(world: World) -> None:
    orders = [await world.ordered(cart_id=world.fill(MUG=1)) for _ in range(6)]
    for order in orders:
        world.payments.pay(order["id"])
    await world.sql("UPDATE orders SET next_at = now()")
    first, second = await asyncio.gather(world.work(), world.work())
    assert len(first) + len(second) == 6
    assert {lease.order_id for lease in first} & {lease.order_id for lease in second} == set()
    await world.settle()
    assert world.payments.count("PUT", "/capture$") == 6


@pytest.mark.parametrize(
    ("guard", "without"),
    [
        ("AND (total_limit IS NULL OR used < total_limit)", ""),
        ("AND live AND open_slot = free", "AND false"),
    ],
    ids=["coupon", "open orders"],
)
async def test_without_its_guard_the_race_is_lost(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, guard: str, without: str
) -> None:
    """The mutants: the database still refuses (CHECK, UNIQUE), so that a lost guard is an error and never a loss."""
    assert guard in queries._PLACE
    monkeypatch.setattr(queries, "_PLACE", queries._PLACE.replace(guard, without))
    world = await make_world()
    await world.sql(
        "INSERT INTO coupons (code, kind, percent, total_limit) VALUES ('LAST', 'percent', 10, 1)"
    )
    carts = [world.fill(customer=world.anna, MUG=1) for _ in range(6)]
    emails = [f"b{number}@example.com" for number in range(6)]

    async def _buy(cart_id: str, email: str) -> httpx2.Response:
        coupon = "LAST" if without == "" else None
        return await world.order(cart_id, who=world.customer(), email=email, coupon=coupon)

    answers = await asyncio.gather(*(map(_buy, carts, emails)))
    assert any(answer.status_code >= 500 for answer in answers)
    assert await world.one("SELECT used FROM coupons") <= 1
    assert await world.one("SELECT count(*) FROM orders WHERE live") <= 3
