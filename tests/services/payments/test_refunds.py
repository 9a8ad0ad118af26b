"""Refunds: reserved before they are asked for, never beyond what was captured, settled by the provider."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from chassis.money import Money
from payments.providers.protocol import RefundSnapshot
from tests.services.payments.conftest import Shop
from tests.services.payments.fake_provider import LOST_AFTER, LOST_BEFORE, REFUSED


async def sums(shop: Shop, payment_id: object) -> tuple[int, int, int]:
    row = await shop.db.fetchrow(
        "SELECT captured_amount, refund_reserved_amount, refunded_amount FROM payments WHERE id = $1",
        payment_id,
    )
    assert row is not None
    return tuple(row)


async def test_money_goes_back_and_the_books_say_so(shop: Shop) -> None:
    payment_id, refund_id = await shop.captured(), uuid4()
    for _ in range(3):
        answer = await shop.refund(refund_id, payment_id, 700)
        assert (answer.status_code, answer.json()) == (
            200,
            {
                "id": str(refund_id),
                "payment_id": str(payment_id),
                "amount": {"amount": 700, "currency": "EUR"},
                "status": "succeeded",
            },
        )
    assert await sums(shop, payment_id) == (1999, 700, 700)
    assert await shop.balances() == {"provider_clearing": 1299, "orders_paid": -1299}
    assert shop.provider.calls.count("refund") == 1
    assert shop.orders.heard == []
    await shop.assert_books_agree()


async def test_never_more_than_was_captured(shop: Shop) -> None:
    payment_id = await shop.captured()
    assert (await shop.refund(uuid4(), payment_id, 1200)).status_code == 200
    answer = await shop.refund(uuid4(), payment_id, 800)
    assert (answer.status_code, answer.json()["code"]) == (409, "refund_exceeds_captured")
    assert answer.json()["refundable"] == {"amount": 799, "currency": "EUR"}
    assert await sums(shop, payment_id) == (1999, 1200, 1200)
    assert (await shop.refund(uuid4(), payment_id, 799)).status_code == 200


async def test_other_terms_for_the_same_id_are_refused(shop: Shop) -> None:
    payment_id, refund_id = await shop.captured(), uuid4()
    await shop.refund(refund_id, payment_id, 100)
    answer = await shop.refund(refund_id, payment_id, 101)
    assert (answer.status_code, answer.json()["code"]) == (422, "id_reused")
    assert await sums(shop, payment_id) == (1999, 100, 100)


async def test_nothing_goes_back_before_it_was_captured(shop: Shop) -> None:
    payment_id = await shop.authorized()
    assert (await shop.refund(uuid4(), payment_id, 1)).json()["code"] == "refund_exceeds_captured"
    assert (await shop.refund(uuid4(), uuid4(), 1)).status_code == 404
    assert (await shop.refund(uuid4(), payment_id, 0)).status_code == 422


async def test_two_at_once_cannot_exceed_it(shop: Shop) -> None:
    payment_id = await shop.captured()
    answers = await asyncio.gather(*(shop.refund(uuid4(), payment_id, 600) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [409] * 5
    assert await sums(shop, payment_id) == (1999, 1800, 1800)
    await shop.assert_books_agree()


async def test_the_same_one_at_once_goes_back_once(shop: Shop) -> None:
    payment_id, refund_id = await shop.captured(), uuid4()
    answers = await asyncio.gather(*(shop.refund(refund_id, payment_id, 600) for _ in range(8)))
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert await sums(shop, payment_id) == (1999, 600, 600)
    assert len(shop.provider.account(payment_id).refunds) == 1
    await shop.assert_books_agree()


@pytest.mark.parametrize("fault", [LOST_BEFORE, LOST_AFTER])
async def test_a_lost_answer_is_settled_by_the_loop(shop: Shop, fault: str) -> None:
    payment_id, refund_id = await shop.captured(), uuid4()
    shop.provider.fail("refund", fault)
    lost = await shop.refund(refund_id, payment_id, 500)
    assert (lost.status_code, lost.json()["status"]) == (202, "pending")
    assert await sums(shop, payment_id) == (1999, 500, 0)
    assert (await shop.operations(payment_id))[-1] == ("refund", "unknown")
    shop.provider.fail("refunds", LOST_BEFORE)
    for _ in range(2):
        await shop.let_time_pass()
        await shop.work()
    assert await sums(shop, payment_id) == (1999, 500, 500)
    assert (await shop.operations(payment_id))[-1] == ("refund", "succeeded")
    assert shop.orders.heard == [("refund.succeeded", str(payment_id))]
    await shop.assert_books_agree()


async def test_a_refusal_gives_the_reservation_back(shop: Shop) -> None:
    payment_id, refund_id = await shop.captured(), uuid4()
    shop.provider.fail("refund", REFUSED)
    answer = await shop.refund(refund_id, payment_id, 500)
    assert (answer.status_code, answer.json()["status"]) == (200, "failed")
    assert await sums(shop, payment_id) == (1999, 0, 0)
    assert await shop.balances() == {"provider_clearing": 1999, "orders_paid": -1999}
    assert (await shop.refund(uuid4(), payment_id, 1999)).status_code == 200


async def test_a_refund_that_takes_its_time_is_polled(shop: Shop) -> None:
    payment_id, refund_id = await shop.captured(), uuid4()
    shop.provider.refund_status = "pending"
    answer = await shop.refund(refund_id, payment_id, 500)
    assert (answer.status_code, answer.json()["status"]) == (202, "pending")
    account = shop.provider.account(payment_id)
    (ref,) = account.refunds
    account.refunds[ref] = replace(account.refunds[ref], status="succeeded")
    await shop.let_time_pass()
    await shop.work()
    assert await sums(shop, payment_id) == (1999, 500, 500)
    assert shop.orders.types() == ["refund.succeeded"]
    assert shop.provider.calls.count("refund") == 1


async def test_a_refund_that_comes_back_can_be_made_again(shop: Shop) -> None:
    payment_id, refund_id = await shop.captured(), uuid4()
    await shop.refund(refund_id, payment_id, 1999)
    shop.provider.fail_refund(payment_id, refund_id)
    for _ in range(2):
        await shop.webhook(payment_id=payment_id, refunds=True)
    await shop.settled()
    assert await sums(shop, payment_id) == (1999, 0, 0)
    assert await shop.balances() == {"provider_clearing": 1999, "orders_paid": -1999}
    assert shop.orders.types() == ["refund.failed"]
    assert (await shop.refund(refund_id, payment_id, 1999)).json()["status"] == "failed"
    assert (await shop.refund(uuid4(), payment_id, 1999)).json()["status"] == "succeeded"
    await shop.assert_books_agree()


async def test_a_refund_made_at_the_provider_is_ours_too(shop: Shop) -> None:
    payment_id = await shop.captured()
    account = shop.provider.account(payment_id)
    account.refunds["re_foreign"] = RefundSnapshot("re_foreign", None, "succeeded", Money(300, "EUR"))
    for _ in range(2):
        await shop.webhook(payment_id=payment_id, refunds=True)
    assert await sums(shop, payment_id) == (1999, 300, 300)
    assert await shop.db.fetchval("SELECT foreign_made FROM refunds") is True
    await shop.settled()
    assert shop.orders.types() == ["refund.succeeded"]
    await shop.assert_books_agree()


async def test_a_refund_event_that_cannot_be_confirmed_is_asked_about_later(shop: Shop) -> None:
    payment_id, refund_id = await shop.captured(), uuid4()
    await shop.refund(refund_id, payment_id, 100)
    shop.provider.fail_refund(payment_id, refund_id)
    shop.provider.fail("refunds", LOST_BEFORE)
    assert (await shop.webhook(payment_id=payment_id, refunds=True)).status_code == 200
    assert await sums(shop, payment_id) == (1999, 100, 100)
    await shop.work()
    assert await sums(shop, payment_id) == (1999, 0, 0)
    await shop.assert_books_agree()
