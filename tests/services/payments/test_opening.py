"""Orders opens attempts: rows before sessions, one session per id, whatever gets lost."""

from datetime import timedelta
from uuid import uuid4, uuid5

import pytest

from tests.services.payments.conftest import DUE, Shop
from tests.services.payments.fake_provider import LOST_AFTER, LOST_BEFORE, REFUSED


async def test_an_attempt_has_a_page_to_pay_at(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    answer = await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    assert answer.status_code == 200
    fact = answer.json()
    assert fact.pop("session_expires_at").endswith("Z")
    assert fact == {
        "id": str(payment_id),
        "order_id": str(order_id),
        "provider": "stripe",
        "status": "requires_action",
        "amount": DUE,
        "authorized": 0,
        "captured": 0,
        "refund_reserved": 0,
        "refunded": 0,
        "quarantined": False,
        "redirect_url": f"https://pay.example/cs_0_{payment_id}",
    }
    assert await shop.operations(payment_id) == [("authorize", "pending")]
    assert shop.orders.heard == []


async def test_repeating_gives_the_same_fact_and_one_session(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = await shop.open(order_id)
    again = await shop.put(f"/payments/{payment_id}", shop.terms(order_id, session_seconds=1700))
    assert (again.status_code, again.json()["redirect_url"]) == (
        200,
        f"https://pay.example/cs_0_{payment_id}",
    )
    assert shop.provider.calls.count("open") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"amount": {"amount": 2000, "currency": "EUR"}},
        {"amount": {"amount": 1999, "currency": "USD"}},
        {"email": "other@example.com"},
        {"customer_id": None},
        {"order_number": "OTHER"},
        {"order_token_hash": "0" * 64},
    ],
)
async def test_other_terms_for_the_same_id_are_refused(shop: Shop, change: dict[str, object]) -> None:
    order_id = uuid4()
    payment_id = await shop.open(order_id)
    before = await shop.row(payment_id)
    answer = await shop.put(f"/payments/{payment_id}", shop.terms(order_id, **change))
    assert (answer.status_code, answer.json()["code"]) == (422, "id_reused")
    assert await shop.row(payment_id) == before


async def test_an_order_has_one_live_attempt(shop: Shop) -> None:
    order_id = uuid4()
    await shop.open(order_id)
    answer = await shop.put(f"/payments/{uuid5(order_id, '2')}", shop.terms(order_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_in_progress")
    assert len(shop.provider.accounts) == 1


@pytest.mark.parametrize("fault", [LOST_BEFORE, LOST_AFTER])
async def test_a_lost_answer_is_unknown_until_asked_again(shop: Shop, fault: str) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", fault)
    lost = await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    assert (lost.status_code, lost.json()["status"], lost.json()["redirect_url"]) == (202, "created", None)
    assert await shop.operations(payment_id) == [("authorize", "unknown")]
    again = await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    assert (again.status_code, again.json()["redirect_url"]) == (
        200,
        f"https://pay.example/cs_0_{payment_id}",
    )
    assert len(shop.provider.accounts) == 1


async def test_the_loop_opens_what_its_writer_could_not(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", LOST_AFTER)
    await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    await shop.let_time_pass()
    assert await shop.work() == 1
    assert (await shop.row(payment_id))["status"] == "requires_action"
    assert len(shop.provider.accounts) == 1


async def test_after_the_key_has_died_the_provider_is_searched_and_nothing_is_made(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", LOST_AFTER)
    await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    shop.provider.pay(payment_id)
    await shop.db.execute("UPDATE payments SET created_at = now() - interval '25 hours'")
    await shop.let_time_pass()
    await shop.work()
    assert (await shop.row(payment_id))["status"] == "authorized"
    assert (shop.provider.calls.count("open"), shop.provider.calls.count("find")) == (1, 1)
    assert shop.orders.heard == [("payment.authorized", str(payment_id))]


async def test_what_the_provider_never_had_after_a_day_is_failed(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", LOST_BEFORE)
    await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    await shop.db.execute("UPDATE payments SET created_at = now() - interval '25 hours'")
    await shop.let_time_pass()
    await shop.work()
    assert (await shop.row(payment_id))["status"] == "failed"
    assert shop.orders.heard == [("payment.failed", str(payment_id))]


async def test_a_definite_refusal_fails_the_payment_and_frees_the_order(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", REFUSED)
    for _ in range(2):
        answer = await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
        assert (answer.status_code, answer.json()["code"]) == (409, "provider_refused")
        assert answer.json()["reason"] == "card_declined"
    assert (await shop.row(payment_id))["status"] == "failed"
    assert await shop.operations(payment_id) == [("authorize", "failed")]
    second = await shop.put(f"/payments/{uuid5(order_id, '2')}", shop.terms(order_id))
    assert second.status_code == 200


AGO = "UPDATE payments SET created_at = created_at - interval '90 s', session_expires_at = session_expires_at - interval '90 s'"


async def test_a_session_that_came_too_late_to_be_opened_is_asked_for_anew(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", LOST_BEFORE, REFUSED)
    await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    await shop.db.execute(AGO)
    before = (await shop.row(payment_id))["session_expires_at"]
    answer = await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    assert (answer.status_code, answer.json()["status"]) == (200, "requires_action")
    assert (await shop.row(payment_id))["session_expires_at"] - before > timedelta(seconds=80)
    (key,) = shop.provider.keys
    assert key != f"pay:{payment_id}:create", "other terms need another key"
    assert await shop.operations(payment_id) == [("authorize", "unknown")]


async def test_a_late_session_that_is_refused_anew_is_refused(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", LOST_BEFORE, REFUSED, REFUSED)
    await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    await shop.db.execute(AGO)
    answer = await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "provider_refused")
    assert (await shop.row(payment_id))["status"] == "failed"


async def test_a_late_session_is_not_asked_for_anew_to_be_closed(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", LOST_BEFORE, REFUSED)
    await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    await shop.db.execute(AGO)
    assert (await shop.void(payment_id)).json()["status"] == "voided"
    assert shop.provider.calls.count("open") == 2
    assert shop.provider.accounts == {}


async def test_a_payable_lists_its_attempts_newest_last(shop: Shop) -> None:
    order_id = uuid4()
    first = await shop.open(order_id)
    await shop.void(first)
    second = uuid5(order_id, "2")
    await shop.put(f"/payments/{second}", shop.terms(order_id))
    shop.provider.pay(second)
    await shop.sync(second)
    answer = await shop.client.get(f"/internal/payables/{order_id}", headers=shop.service)
    payable = answer.json()
    assert [each["id"] for each in payable["payments"]] == [str(first), str(second)]
    assert (payable["amount"], payable["authorized"], payable["captured"], payable["refunded"]) == (
        DUE,
        1999,
        0,
        0,
    )


async def test_an_unknown_payable_is_404(shop: Shop) -> None:
    answer = await shop.client.get(f"/internal/payables/{uuid4()}", headers=shop.service)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"amount": {"amount": 0, "currency": "EUR"}}, "/amount/amount"),
        ({"amount": {"amount": -1, "currency": "EUR"}}, "/amount/amount"),
        ({"amount": {"amount": 10**16, "currency": "EUR"}}, "/amount/amount"),
        ({"amount": {"amount": 1999.0, "currency": "EUR"}}, "/amount/amount"),
        ({"amount": {"amount": 1999, "currency": "XXQ"}}, "/amount/currency"),
        ({"method": "bank"}, "/method"),
        ({"email": "nobody"}, "/email"),
        ({"success_url": "javascript:alert(1)"}, "/success_url"),
        ({"success_url": "https://user:pw@evil.example/"}, "/success_url"),
        ({"order_token_hash": "x" * 64}, "/order_token_hash"),
        ({"session_seconds": 0}, "/session_seconds"),
        ({"locale": "fr"}, "/locale"),
        ({"captured": 1999}, "/(unknown field)"),
    ],
)
async def test_bad_terms_are_refused_and_leave_nothing(
    shop: Shop, change: dict[str, object], pointer: str
) -> None:
    order_id = uuid4()
    answer = await shop.put(f"/payments/{uuid5(order_id, '1')}", shop.terms(order_id, **change))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await shop.db.fetchval("SELECT count(*) FROM payments") == 0
    assert await shop.db.fetchval("SELECT count(*) FROM payables") == 0
    assert shop.provider.calls == []
