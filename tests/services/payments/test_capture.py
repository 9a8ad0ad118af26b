"""Captures: the operation before the call, one capture whatever gets lost, definite refusals only."""

from uuid import uuid4

import pytest

from tests.services.payments.conftest import DUE, Shop
from tests.services.payments.fake_provider import LOST_AFTER, LOST_BEFORE, REFUSED, SLOW


async def test_captured_money_is_in_the_ledger_and_orders_needs_no_news_of_its_own_call(shop: Shop) -> None:
    payment_id = await shop.authorized()
    answer = await shop.capture(payment_id)
    assert (answer.status_code, answer.json()["status"], answer.json()["captured"]) == (200, "captured", 1999)
    assert await shop.operations(payment_id) == [("authorize", "succeeded"), ("capture", "succeeded")]
    assert await shop.balances() == {"provider_clearing": 1999, "orders_paid": -1999}
    await shop.settled()
    assert shop.orders.heard == []
    assert (await shop.row(payment_id))["next_at"] is None


async def test_repeating_a_capture_takes_nothing_more(shop: Shop) -> None:
    payment_id = await shop.captured()
    again = await shop.capture(payment_id)
    assert (again.status_code, again.json()["captured"]) == (200, 1999)
    assert shop.provider.calls.count("capture") == 1
    await shop.assert_books_agree()


@pytest.mark.parametrize("fault", [LOST_BEFORE, LOST_AFTER])
async def test_a_lost_answer_is_settled_by_asking(shop: Shop, fault: str) -> None:
    payment_id = await shop.authorized()
    shop.provider.fail("capture", fault)
    shop.provider.fail("read", LOST_BEFORE)
    lost = await shop.capture(payment_id)
    assert (lost.status_code, lost.json()["status"]) == (202, "authorized")
    assert await shop.operations(payment_id) == [("authorize", "succeeded"), ("capture", "unknown")]
    assert await shop.balances() == {}
    await shop.let_time_pass()
    await shop.work()
    assert (await shop.row(payment_id))["status"] == "captured"
    assert shop.orders.heard == [("payment.captured", str(payment_id))]
    await shop.assert_books_agree()


async def test_a_lost_answer_is_asked_for_at_once(shop: Shop) -> None:
    payment_id = await shop.authorized()
    shop.provider.fail("capture", LOST_AFTER)
    answer = await shop.capture(payment_id)
    assert (answer.status_code, answer.json()["captured"]) == (200, 1999)
    assert shop.provider.calls.count("capture") == 1


async def test_a_slow_provider_does_not_keep_orders_waiting(shop: Shop) -> None:
    payment_id = await shop.authorized()
    shop.desk._patience_seconds = 0.05
    shop.provider.fail("capture", SLOW)
    answer = await shop.capture(payment_id)
    assert (answer.status_code, answer.json()["status"]) == (202, "authorized")
    shop.provider.gate.set()
    await shop.settled()
    assert (await shop.row(payment_id))["status"] == "captured"
    await shop.assert_books_agree()


async def test_a_definite_refusal_is_declined_now_and_later(shop: Shop) -> None:
    payment_id = await shop.authorized()
    shop.provider.fail("capture", REFUSED)
    for _ in range(2):
        answer = await shop.capture(payment_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "capture_declined")
        assert answer.json()["reason"] == "card_declined"
    assert shop.provider.calls.count("capture") == 1
    assert await shop.operations(payment_id) == [("authorize", "succeeded"), ("capture", "failed")]
    assert (await shop.void(payment_id)).json()["status"] == "voided"
    assert await shop.balances() == {}


async def test_a_lapsed_authorization_is_declined_and_the_payment_fails(shop: Shop) -> None:
    payment_id = await shop.authorized()
    shop.provider.expire(payment_id)
    answer = await shop.capture(payment_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "capture_declined")
    assert (await shop.row(payment_id))["status"] == "failed"
    assert await shop.operations(payment_id) == [("authorize", "succeeded"), ("capture", "failed")]


async def test_money_captured_by_hand_is_recorded(shop: Shop) -> None:
    payment_id = await shop.authorized()
    shop.provider.take(payment_id)
    answer = await shop.capture(payment_id)
    assert (answer.status_code, answer.json()["status"]) == (200, "captured")
    await shop.assert_books_agree()


async def test_nothing_is_captured_before_it_is_authorized(shop: Shop) -> None:
    payment_id = await shop.open()
    answer = await shop.capture(payment_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_authorized")
    assert "capture" not in shop.provider.calls


async def test_only_what_is_due_is_captured(shop: Shop) -> None:
    payment_id = await shop.authorized()
    for amount in ({"amount": 1998, "currency": "EUR"}, {"amount": 1999, "currency": "USD"}):
        answer = await shop.put(f"/payments/{payment_id}/capture", {"amount": amount})
        assert (answer.status_code, answer.json()["code"]) == (422, "id_reused")
    assert "capture" not in shop.provider.calls


async def test_an_unknown_payment_cannot_be_captured(shop: Shop) -> None:
    assert (await shop.capture(uuid4())).status_code == 404


@pytest.mark.parametrize(
    ("amount", "currency", "reason"),
    [
        (1998, None, "the provider says 1998 EUR, due are 1999 EUR"),
        (2000, None, "the provider says 2000 EUR, due are 1999 EUR"),
        (1999, "USD", "the provider says 1999 USD, due are 1999 EUR"),
    ],
)
async def test_wrong_money_is_recorded_and_quarantined(
    shop: Shop, amount: int, currency: str | None, reason: str
) -> None:
    payment_id = await shop.open()
    shop.provider.pay(payment_id, amount, currency)
    await shop.webhook(payment_id=payment_id, stage="authorized")
    row = await shop.row(payment_id)
    recorded = 0 if currency else amount
    assert (row["status"], row["authorized_amount"]) == ("authorized", recorded)
    assert (row["quarantined"], row["quarantine_reason"]) == (True, reason)
    answer = await shop.capture(payment_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_quarantined")
    await shop.settled()
    assert shop.orders.types() == ["payment.authorized"]
    shop.provider.take(payment_id)
    assert (await shop.sync(payment_id))["quarantined"] is True
    taken = await shop.db.fetch("SELECT account, amount, currency FROM ledger_entries ORDER BY line")
    assert [tuple(entry) for entry in taken] == [
        ("provider_clearing", amount, currency or "EUR"),
        ("orders_paid", -amount, currency or "EUR"),
    ]


async def test_an_answer_about_another_payment_is_no_answer(shop: Shop) -> None:
    mine, other = await shop.open(), await shop.open()
    shop.provider.pay(other)
    shop.provider.accounts[(await shop.row(mine))["provider_ref"]] = shop.provider.account(other)
    answer = await shop.put(f"/payments/{mine}/sync", {})
    assert (answer.status_code, answer.json()["status"]) == (202, "requires_action")


async def test_money_after_a_void_is_recorded_and_the_payment_stays_voided(shop: Shop) -> None:
    payment_id = await shop.open()
    account = shop.provider.account(payment_id)
    opened = account.snapshot
    await shop.void(payment_id)
    account.snapshot = opened
    shop.provider.pay(payment_id)
    shop.provider.take(payment_id)
    await shop.webhook(payment_id=payment_id, stage="captured")
    await shop.settled()
    row = await shop.row(payment_id)
    assert (row["status"], row["captured_amount"]) == ("voided", 1999)
    assert row["quarantine_reason"] == "paid after it was voided"
    assert shop.orders.types() == ["payment.captured"]
    refunded = await shop.refund(uuid4(), payment_id, DUE["amount"])  # type: ignore[arg-type]  # an int
    assert (refunded.status_code, refunded.json()["status"]) == (200, "succeeded")
    await shop.assert_books_agree()
