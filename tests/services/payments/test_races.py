"""Everybody at once: the facts, the books and the news end up the same."""

import asyncio
from uuid import uuid4, uuid5

import pytest

from payments.attempts import queries, rules
from payments.attempts.rules import decide
from payments.ledger import rules as ledger
from tests.services.payments.conftest import Shop

TIMES = 8


async def test_webhook_return_and_poller_at_once_record_one_authorization(shop: Shop) -> None:
    for _ in range(TIMES):
        payment_id = await shop.open()
        shop.provider.pay(payment_id)
        await shop.db.execute("UPDATE payments SET next_at = now() WHERE id = $1", payment_id)
        await asyncio.gather(
            shop.webhook(payment_id=payment_id, stage="authorized"),
            shop.webhook(payment_id=payment_id, stage="authorized"),
            shop.sync(payment_id),
            shop.sync(payment_id),
            shop.work(),
        )
        row = await shop.row(payment_id)
        assert (row["status"], row["authorized_amount"]) == ("authorized", 1999)
        assert await shop.operations(payment_id) == [("authorize", "succeeded")]
        told = await shop.db.fetchval("SELECT count(*) FROM news WHERE payment_id = $1", payment_id)
        assert told <= 1, "one fact is told once, or not at all when orders asked"


async def test_captures_and_webhooks_at_once_take_the_money_once(shop: Shop) -> None:
    for _ in range(TIMES):
        payment_id = await shop.authorized()
        answers = await asyncio.gather(
            shop.capture(payment_id),
            shop.capture(payment_id),
            shop.webhook(payment_id=payment_id, stage="captured"),
            shop.sync(payment_id),
        )
        assert {answers[0].status_code, answers[1].status_code} <= {200, 202}
        assert (await shop.row(payment_id))["captured_amount"] == 1999
        entries = await shop.db.fetchval(
            "SELECT count(*) FROM ledger_transactions WHERE payment_id = $1", payment_id
        )
        assert entries == 1
    await shop.assert_books_agree()


async def test_void_and_payment_at_once_have_one_winner(shop: Shop) -> None:
    won = set()
    for turn in range(TIMES):
        payment_id = await shop.open()

        async def pay(wait: int = turn % 4, payment: object = payment_id) -> None:
            for _ in range(wait * 20):
                await asyncio.sleep(0)
            if str(shop.provider.account(payment).snapshot.stage) == "open":  # type: ignore[arg-type]  # a UUID
                shop.provider.pay(payment)  # type: ignore[arg-type]  # a UUID

        await asyncio.gather(pay(), shop.void(payment_id, only_if_unpaid=True))
        fact = await shop.sync(payment_id)
        won.add(fact["status"])
        at_provider = str(shop.provider.account(payment_id).snapshot.stage)
        assert (fact["status"], at_provider) in {("voided", "closed"), ("authorized", "authorized")}
    assert won <= {"voided", "authorized"}


async def test_void_and_capture_at_once_leave_no_money_behind(shop: Shop) -> None:
    for _ in range(TIMES):
        payment_id = await shop.authorized()
        await asyncio.gather(shop.void(payment_id), shop.capture(payment_id))
        for _ in range(2):
            await shop.let_time_pass()
            await shop.work()
        row = await shop.row(payment_id)
        assert (row["status"], row["captured_amount"]) in {("voided", 0), ("captured", 1999)}
        still_open = [each for each in await shop.operations(payment_id) if each[1] in ("pending", "unknown")]
        assert still_open == []
    await shop.assert_books_agree()


async def test_the_same_attempt_opened_at_once_is_one_session(shop: Shop) -> None:
    for _ in range(TIMES):
        order_id = uuid4()
        payment_id = uuid5(order_id, "1")
        answers = await asyncio.gather(
            *(shop.put(f"/payments/{payment_id}", shop.terms(order_id)) for _ in range(4))
        )
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.json()["redirect_url"] for answer in answers} == {
            shop.provider.account(payment_id).snapshot.redirect_url
        }


async def test_two_attempts_at_once_are_one_live_payment(shop: Shop) -> None:
    for _ in range(TIMES):
        order_id = uuid4()
        answers = await asyncio.gather(
            *(shop.put(f"/payments/{uuid5(order_id, str(n))}", shop.terms(order_id)) for n in (1, 2, 3))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]


async def test_burial_and_opening_at_once_agree(shop: Shop) -> None:
    for _ in range(TIMES):
        order_id = uuid4()
        payment_id = uuid5(order_id, "1")
        opened, voided = await asyncio.gather(
            shop.put(f"/payments/{payment_id}", shop.terms(order_id)), shop.void(payment_id)
        )
        assert (opened.status_code, voided.status_code) in {
            (200, 200),
            (410, 200),
            (200, 202),
            (202, 202),
            (410, 202),
        }
        await shop.let_time_pass()
        await shop.work()
        assert (await shop.row(payment_id))["status"] == "voided"
        open_pages = [
            each
            for each in shop.provider.accounts.values()
            if each.snapshot.payment_id == str(payment_id) and str(each.snapshot.stage) == "open"
        ]
        assert open_pages == []


async def test_an_answer_recorded_without_its_version_would_count_twice(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: the guard on the version taken out. The race above must notice."""
    monkeypatch.setattr(queries, "_RECORD", queries._RECORD.replace("AND version = $2", "AND $2 >= 0"))
    doubled = 0
    for _ in range(10):
        payment_id = await shop.authorized()
        shop.provider.take(payment_id)
        await asyncio.gather(*(shop.sync(payment_id) for _ in range(4)))
        doubled += await shop.db.fetchval(
            "SELECT count(*) > 1 FROM ledger_transactions WHERE payment_id = $1", payment_id
        )
        if doubled:
            return
    pytest.fail("nobody would notice that the guard is gone")


async def test_a_stale_answer_changes_nothing(shop: Shop) -> None:
    payment_id = await shop.open()
    stale = shop.provider.account(payment_id).snapshot
    before = await queries.payment(shop.desk.db, payment_id)
    assert before is not None
    shop.provider.pay(payment_id)
    paid = shop.provider.account(payment_id).snapshot
    move = decide(before, paid)
    assert move is not None
    await shop.sync(payment_id)
    late = await queries.record(shop.desk.db, before, move, next_in=None, news=[], receipt=None)
    assert late is False
    now = await queries.payment(shop.desk.db, payment_id)
    assert now is not None
    assert decide(now, stale) is None
    assert rules.after(before, move).status == now.status
    assert ledger.rows(move.postings) == []
