"""Tokens, settings, what payments' answers mean, watchers."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from chassis.ids import new_id
from orders.clients.payments import Payable, PaymentFact
from orders.lifecycle.facts import NeedsStaff, NotYet, read_closing, read_payable, sums
from orders.lifecycle.rules import Fact
from orders.lifecycle.states import Money, PaymentStatus, payment_status
from orders.lifecycle.watchers import Watchers
from orders.settings import Settings
from orders.tokens import OrderTokens, token_hash


def payment(status: str, **more: Any) -> PaymentFact:
    return PaymentFact(id=new_id(), status=status, **more)


def test_a_token_is_derived_and_differs_by_order_and_key() -> None:
    tokens, order = OrderTokens("one secret"), new_id()
    assert tokens.token(order) == OrderTokens("one secret").token(order)
    assert len(tokens.token(order)) == 43
    assert tokens.token(order) != tokens.token(new_id())
    assert tokens.token(order) != OrderTokens("another secret").token(order)
    assert len(token_hash(tokens.token(order))) == 32
    with pytest.raises(ValueError, match="empty secret"):
        OrderTokens("")


def test_deadlines_must_stay_in_order() -> None:
    with pytest.raises(ValidationError, match="session_seconds < deadline_seconds < hold_seconds"):
        Settings(session_seconds=10, deadline_seconds=9, hold_seconds=20)
    assert Settings(session_seconds=5, deadline_seconds=8, hold_seconds=10).opening_seconds == 2
    default = Settings()
    assert (default.session_seconds, default.deadline_seconds, default.hold_seconds) == (1860, 2040, 2700)


def test_origins_are_the_shop_and_what_is_listed() -> None:
    settings = Settings(public_origin="https://shop.example/", return_origins="https://a.example/, ,http://b")
    assert settings.origins == {"https://shop.example", "https://a.example", "http://b"}


def test_production_wants_a_mail_server() -> None:
    assert any("smtp_host" in reason for reason in Settings().unsafe())


@pytest.mark.parametrize(
    ("payments", "fact"),
    [
        ([], Fact.PAYMENT_DEAD),
        ([payment("requires_action")], Fact.PAYMENT_OPEN),
        ([payment("failed")], Fact.PAYMENT_DEAD),
        ([payment("failed"), payment("created")], Fact.PAYMENT_OPEN),
        ([payment("authorized", authorized=5), payment("created")], Fact.MONEY_AUTHORIZED),
        ([payment("captured", authorized=5, captured=5)], Fact.MONEY_CAPTURED),
        ([payment("captured", captured=5, refund_reserved=4)], Fact.MONEY_CAPTURED),
        ([payment("captured", captured=5, refund_reserved=5)], Fact.MONEY_RETURNED),
    ],
)
def test_what_payments_say_of_an_order(payments: list[PaymentFact], fact: Fact) -> None:
    assert read_payable(Payable(payments=payments)).fact is fact


def test_money_in_quarantine_is_for_people() -> None:
    with pytest.raises(NeedsStaff):
        read_payable(Payable(payments=[payment("authorized", authorized=5, quarantined=True)]))


def test_a_door_is_shut_only_by_definite_answers() -> None:
    assert (
        read_closing([payment("failed"), payment("voided")], only_if_unpaid=True).fact is Fact.PAYMENT_CLOSED
    )
    assert read_closing([payment("authorized")], only_if_unpaid=True).fact is Fact.MONEY_AUTHORIZED
    assert read_closing([payment("captured", captured=5)], only_if_unpaid=True).fact is Fact.MONEY_CAPTURED
    returned = payment("captured", captured=5, refund_reserved=5, refunded=5)
    assert read_closing([returned], only_if_unpaid=False).fact is Fact.MONEY_RETURNED
    for status in ("created", "requires_action", "processing"):
        with pytest.raises(NotYet):
            read_closing([payment("voided"), payment(status)], only_if_unpaid=True)
    with pytest.raises(NotYet):
        read_closing([payment("authorized")], only_if_unpaid=False)
    with pytest.raises(NotYet):
        read_closing([payment("authorized", quarantined=True)], only_if_unpaid=True)


def test_sums_count_what_is_there() -> None:
    paid = payment("captured", authorized=5, captured=5, refunded=2)
    assert sums([payment("voided", authorized=5), paid]) == Money(5, 5, 2)


@pytest.mark.parametrize(
    ("money", "total", "closed", "status"),
    [
        (Money(), 5, False, PaymentStatus.UNPAID),
        (Money(5), 5, False, PaymentStatus.AUTHORIZED),
        (Money(5, 5), 5, False, PaymentStatus.PAID),
        (Money(5, 5, 2), 5, False, PaymentStatus.PARTIALLY_REFUNDED),
        (Money(5, 5, 5), 5, True, PaymentStatus.REFUNDED),
        (Money(5), 5, True, PaymentStatus.VOIDED),
        (Money(), 0, False, PaymentStatus.PAID),
    ],
)
def test_the_derived_payment_status(money: Money, total: int, *, closed: bool, status: PaymentStatus) -> None:
    assert payment_status(money, total=total, door_closed=closed) is status


def test_watchers_wake_those_of_the_order_and_forget_them() -> None:
    watchers = Watchers()
    with watchers.watching(UUID(int=1)) as one, watchers.watching(UUID(int=2)) as other:
        watchers.tell(UUID(int=1))
        assert one.is_set()
        assert not other.is_set()
    assert watchers._waiting == {}
