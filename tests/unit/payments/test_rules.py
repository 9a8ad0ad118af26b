"""What a provider's answer makes of a payment, for every status and every answer."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.money import Money
from payments.attempts.opening import new_payment
from payments.attempts.payable import Payable, Wish
from payments.attempts.payment import FINAL, RANKS, Operation, Payment
from payments.attempts.rules import after, decide, decide_refused, seconds_to_next_poll
from payments.providers.protocol import Refs, Refused, Snapshot, Stage

ID = UUID("0199c0ff-ee00-7000-b000-000000000001")
ORDER = UUID("0199c0ff-ee00-7000-b000-0000000000aa")
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DUE = 1999


def created() -> Payment:
    payable = Payable(ORDER, "7KQ4M2XD", Money(DUE, "EUR"), None, None, "anna@example.com")
    return new_payment(
        ID, payable, Wish("card", "http://a/", "http://a/", 1860, "en"), AT, AT + timedelta(seconds=1860)
    )


def said(stage: Stage, *, amount: int = DUE, currency: str = "EUR") -> Snapshot:
    authorized = amount if stage in (Stage.AUTHORIZED, Stage.CAPTURED) else 0
    captured = amount if stage is Stage.CAPTURED else 0
    return Snapshot(
        stage, Refs("cs_1", "pi_1"), currency, authorized, captured, str(ID), "https://pay.example/1"
    )


def walked(*stages: Stage) -> Payment:
    payment = created()
    for stage in stages:
        if move := decide(payment, said(stage)):
            payment = after(payment, move)
    return payment


def with_void(payment: Payment) -> Payment:
    void = Operation(
        "void", f"pay:{ID}:void", "pending", DUE, only_if_unpaid=False, code=None, message=None, created_at=AT
    )
    return replace(payment, operations=(*payment.operations, void))


TABLE = [
    ("created", Stage.OPEN, "requires_action"),
    ("created", Stage.PROCESSING, "processing"),
    ("created", Stage.AUTHORIZED, "authorized"),
    ("created", Stage.CAPTURED, "captured"),
    ("created", Stage.CLOSED, "failed"),
    ("requires_action", Stage.OPEN, "requires_action"),
    ("requires_action", Stage.PROCESSING, "processing"),
    ("requires_action", Stage.AUTHORIZED, "authorized"),
    ("requires_action", Stage.CAPTURED, "captured"),
    ("requires_action", Stage.CLOSED, "failed"),
    ("processing", Stage.OPEN, "processing"),
    ("processing", Stage.AUTHORIZED, "authorized"),
    ("processing", Stage.CAPTURED, "captured"),
    ("processing", Stage.CLOSED, "failed"),
    ("authorized", Stage.OPEN, "authorized"),
    ("authorized", Stage.PROCESSING, "authorized"),
    ("authorized", Stage.CAPTURED, "captured"),
    ("authorized", Stage.CLOSED, "failed"),
    ("captured", Stage.OPEN, "captured"),
    ("captured", Stage.PROCESSING, "captured"),
    ("captured", Stage.AUTHORIZED, "captured"),
    ("captured", Stage.CLOSED, "captured"),
    *[(final, stage, final) for final in sorted(FINAL) for stage in Stage],
]


@pytest.mark.parametrize(("status", "stage", "then"), TABLE)
def test_every_edge(status: str, stage: Stage, then: str) -> None:
    payment = replace(created(), status=status)
    move = decide(payment, said(stage))
    assert (after(payment, move) if move else payment).status == then


@pytest.mark.parametrize("status", ["created", "requires_action", "processing", "authorized"])
def test_a_door_that_we_asked_to_be_shut_is_voided(status: str) -> None:
    payment = with_void(replace(created(), status=status))
    move = decide(payment, said(Stage.CLOSED))
    assert move is not None
    assert (move.status, move.news) == ("voided", ("payment.voided",))
    assert ("void", "succeeded") in [(each.kind, each.status) for each in move.operations]


@pytest.mark.parametrize("order", list(itertools.permutations(Stage, 3)))
def test_facts_in_any_order_never_go_back(order: tuple[Stage, ...]) -> None:
    payment = created()
    for stage in order:
        move = decide(payment, said(stage))
        if move is None:
            continue
        assert move.captured >= payment.captured
        assert move.authorized >= max(payment.authorized, move.captured)
        if payment.status in FINAL:
            assert move.status == payment.status
        elif move.status not in FINAL:
            assert RANKS[move.status] >= RANKS[payment.status]
        payment = after(payment, move)
    assert payment.captured == (DUE if Stage.CAPTURED in order else 0)


@given(st.lists(st.tuples(st.sampled_from(Stage), st.sampled_from([DUE, DUE - 1, 5000])), max_size=12))
@settings(max_examples=300, deadline=None)
def test_any_history_keeps_the_sums_and_says_nothing_twice(history: list[tuple[Stage, int]]) -> None:
    payment, posted = created(), 0
    for stage, amount in history:
        move = decide(payment, said(stage, amount=amount))
        if move is None:
            continue
        posted += sum(posting.amount.amount for posting in move.postings)
        payment = after(payment, move)
        assert decide(payment, said(stage, amount=amount)) is None, "the same answer again is nothing new"
        assert 0 <= payment.captured <= payment.authorized
        assert payment.captured == posted
        if payment.authorized not in (0, DUE) or payment.captured not in (0, DUE):
            assert payment.quarantined


def test_money_of_another_currency_is_posted_in_it_and_counts_nothing() -> None:
    move = decide(walked(Stage.OPEN), said(Stage.CAPTURED, currency="USD"))
    assert move is not None
    assert (move.status, move.authorized, move.captured) == ("captured", 0, 0)
    assert [posting.amount for posting in move.postings] == [Money(DUE, "USD")]
    assert move.quarantine == "the provider says 1999 USD, due are 1999 EUR"


def test_late_money_is_counted_quarantined_and_told() -> None:
    failed = walked(Stage.OPEN, Stage.CLOSED)
    move = decide(failed, said(Stage.CAPTURED))
    assert move is not None
    assert (move.status, move.captured, move.quarantine) == ("failed", DUE, "paid after it was failed")
    assert move.news == ("payment.captured",)


def test_a_refusal_fails_only_what_was_never_opened() -> None:
    refused = Refused("amount_too_large", "Too much.")
    move = decide_refused(created(), refused)
    assert move is not None
    assert (move.status, [(each.status, each.code) for each in move.operations]) == (
        "failed",
        [("failed", "amount_too_large")],
    )
    assert decide_refused(walked(Stage.OPEN), refused) is None
    assert decide_refused(walked(Stage.CLOSED), refused) is None
    closing = decide_refused(with_void(created()), refused)
    assert closing is not None
    assert closing.status == "voided"


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (0, 60),
        (59, 1),
        (60, 240),
        (300, 1500),
        (1800, 65),
        (1866, 1734),
        (3600, 3600),
        (72 * 3600 - 1, 1),
        (72 * 3600, None),
    ],
)
def test_polls(age: int, wait: int | None) -> None:
    payment = replace(created(), read_at=AT + timedelta(seconds=age))
    assert seconds_to_next_poll(payment, "requires_action") == wait
    assert seconds_to_next_poll(payment, "captured") is None
