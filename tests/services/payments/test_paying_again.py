"""What people may do: pay again, change the return address, void."""

import asyncio
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx2
import pytest

from tests.services.payments.conftest import DUE, Shop
from tests.services.payments.fake_provider import LOST_AFTER, LOST_BEFORE, REFUSED

RETURN = "http://localhost:8000/checkout/y/return"


async def dead(shop: Shop, order_id: UUID, **changes: Any) -> UUID:
    """An attempt whose session ended unpaid."""
    payment_id = await shop.open(order_id, **changes)
    shop.provider.expire(payment_id)
    assert (await shop.sync(payment_id))["status"] == "failed"
    return payment_id


async def post(shop: Shop, order_id: UUID, headers: dict[str, str], **more: Any) -> httpx2.Response:
    body = {"order_id": str(order_id), "method": "card", **more}
    return await shop.client.post("/payments", json=body, headers=headers)


async def test_paying_again_begins_the_next_attempt_and_orders_hears_of_it(shop: Shop) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    answer = await post(shop, order_id, shop.me, return_url=RETURN)
    assert answer.status_code == 201
    made = answer.json()
    assert made["id"] == str(uuid5(order_id, "2"))
    assert (made["status"], made["amount"]) == ("requires_action", DUE)
    assert made["redirect_url"] == f"https://pay.example/cs_1_{made['id']}"
    row = await shop.row(UUID(made["id"]))
    assert (row["success_url"], row["cancel_url"]) == (RETURN, f"{RETURN}?canceled=1")
    await shop.settled()
    assert shop.orders.heard == [("payment.created", made["id"])]
    again = await post(shop, order_id, shop.me)
    assert (again.status_code, again.json()["id"]) == (200, made["id"])


async def test_a_paid_order_is_not_paid_twice(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = await shop.captured(order_id)
    answer = await post(shop, order_id, shop.me)
    assert (answer.status_code, answer.json()["id"], answer.json()["redirect_url"]) == (
        200,
        str(payment_id),
        None,
    )
    assert len(shop.provider.accounts) == 1


async def test_many_clicks_at_once_are_one_attempt(shop: Shop) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    answers = await asyncio.gather(*(post(shop, order_id, shop.me) for _ in range(6)))
    assert {answer.json()["id"] for answer in answers} == {str(uuid5(order_id, "2"))}
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len(shop.provider.accounts) == 2


async def test_an_idempotency_key_answers_with_the_same_attempt(shop: Shop) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    keyed = {**shop.me, "idempotency-key": "k-1"}
    first = await post(shop, order_id, keyed)
    again = await post(shop, order_id, keyed)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json()["id"], again.headers["idempotent-replayed"]) == (first.json()["id"], "true")
    other = await post(shop, order_id, keyed, return_url=RETURN)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_slow_provider_is_202_and_the_page_follows(shop: Shop) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    shop.provider.fail("open", LOST_AFTER)
    answer = await post(shop, order_id, shop.me)
    assert (answer.status_code, answer.json()["redirect_url"]) == (202, None)
    await shop.let_time_pass()
    await shop.work()
    later = await shop.client.get(f"/payments/{answer.json()['id']}", headers=shop.me)
    assert later.json()["redirect_url"] is not None


async def test_a_provider_that_refuses_is_409(shop: Shop) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    shop.provider.fail("open", REFUSED)
    answer = await post(shop, order_id, shop.me)
    assert (answer.status_code, answer.json()["code"]) == (409, "provider_refused")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"method": "bank"}, "unknown_payment_method"),
        ({"return_url": "https://evil.example/"}, "foreign_return_url"),
        ({"return_url": "http://localhost:8000.evil.example/"}, "foreign_return_url"),
        ({"return_url": "http://localhost:8000@evil.example/"}, "invalid"),
        ({"return_url": "http://[evil"}, "foreign_return_url"),
        ({"return_url": "http://localhost:8000\u2100/"}, "foreign_return_url"),
        ({"return_url": "//evil.example"}, "invalid"),
        ({"amount": DUE}, "invalid"),
        ({"order_id": "x"}, "invalid"),
        ({"order_id": str(uuid4())}, "not_found"),
    ],
)
async def test_bad_wishes_begin_nothing(shop: Shop, change: dict[str, Any], code: str) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    body = {"order_id": str(order_id), "method": "card", **change}
    answer = await shop.client.post("/payments", json=body, headers=shop.me)
    assert answer.json()["code"] == code
    assert await shop.db.fetchval("SELECT count(*) FROM payments") == 1


async def test_there_is_an_end_to_trying(shop: Shop) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    for number in range(2, 21):
        made = await post(shop, order_id, shop.me)
        assert made.json()["id"] == str(uuid5(order_id, str(number)))
        shop.provider.expire(UUID(made.json()["id"]))
        await shop.sync(UUID(made.json()["id"]))
    answer = await post(shop, order_id, shop.me)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_attempts")


async def test_the_return_address_can_change_while_it_is_of_use(shop: Shop) -> None:
    payment_id = await shop.open()
    answer = await shop.client.put(
        f"/payments/{payment_id}", json={"return_url": RETURN + "?a=b"}, headers=shop.me
    )
    assert answer.status_code == 200
    assert (await shop.row(payment_id))["cancel_url"] == RETURN + "?a=b&canceled=1"
    foreign = await shop.client.put(
        f"/payments/{payment_id}", json={"return_url": "https://evil.example/x"}, headers=shop.me
    )
    assert (foreign.status_code, foreign.json()["code"]) == (422, "foreign_return_url")
    shop.provider.pay(payment_id)
    await shop.sync(payment_id)
    late = await shop.client.put(f"/payments/{payment_id}", json={"return_url": RETURN}, headers=shop.me)
    assert (late.status_code, late.json()["code"]) == (409, "payment_settled")


async def test_voiding_frees_the_order_for_another_attempt_and_orders_hears_of_it(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = await shop.open(order_id)
    for _ in range(2):
        answer = await shop.client.delete(f"/payments/{payment_id}", headers=shop.me)
        assert (answer.status_code, answer.json()["status"]) == (200, "voided")
    await shop.settled()
    assert shop.orders.heard == [("payment.voided", str(payment_id))]
    assert (await post(shop, order_id, shop.me)).status_code == 201


async def test_voiding_while_the_provider_is_away_is_202(shop: Shop) -> None:
    payment_id = await shop.open()
    shop.provider.fail("close", LOST_BEFORE)
    answer = await shop.client.delete(f"/payments/{payment_id}", headers=shop.me)
    assert (answer.status_code, answer.json()["status"]) == (202, "requires_action")
    await shop.let_time_pass()
    await shop.work()
    assert shop.orders.types() == ["payment.voided"]


@pytest.mark.parametrize("paid", ["known", "not yet known"])
async def test_paid_money_is_not_voided_by_the_shopper(shop: Shop, paid: str) -> None:
    payment_id = await shop.open()
    shop.provider.pay(payment_id)
    if paid == "known":
        await shop.sync(payment_id)
    answer = await shop.client.delete(f"/payments/{payment_id}", headers=shop.me)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_paid")
    await shop.settled()
    assert (await shop.row(payment_id))["status"] == "authorized"
    assert shop.orders.types() == ([] if paid == "known" else ["payment.authorized"])


async def test_the_return_address_of_a_session_that_is_being_opened_stays(shop: Shop) -> None:
    """Its repetition must say the same, or the provider refuses the key."""
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", LOST_AFTER)
    await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    before = (await shop.row(payment_id))["success_url"]
    early = await shop.client.put(f"/payments/{payment_id}", json={"return_url": RETURN}, headers=shop.me)
    assert (early.status_code, early.json()["code"]) == (409, "payment_opening")
    assert (await shop.row(payment_id))["success_url"] == before != RETURN
