"""What the answers of other services mean for an order. Pure: the same answers, the same fact."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from orders.clients.payments import DEAD, Payable, PaymentFact
from orders.clients.products import Shortage
from orders.lifecycle.rules import Fact
from orders.lifecycle.states import Money


class NotYet(Exception):
    """The outcome is unknown or not there yet: ask again later. The message says what is waited for."""


class NeedsStaff(Exception):
    """Nothing that a machine may decide, for example money of a wrong amount. The message says what."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact and what came with it."""

    fact: Fact
    payment: PaymentFact | None = None
    money: Money | None = None
    failure: dict[str, Any] | None = None


def out_of_stock(shortages: tuple[Shortage, ...]) -> dict[str, Any]:
    """Why an order failed for want of goods, as it is kept and shown."""
    lines = [shortage.model_dump(mode="json") for shortage in shortages]
    return {"code": "out_of_stock", "lines": lines}


def read_payment(payment: PaymentFact) -> Finding:
    """What one payment says. Raises NeedsStaff for money of a wrong amount."""
    if payment.quarantined:
        raise NeedsStaff("a payment is in quarantine")
    match payment.status:
        case "captured" if payment.unreturned > 0:
            fact = Fact.MONEY_CAPTURED
        case "captured":
            fact = Fact.MONEY_RETURNED
        case "authorized":
            fact = Fact.MONEY_AUTHORIZED
        case "failed" | "voided":
            fact = Fact.PAYMENT_DEAD
        case _:
            fact = Fact.PAYMENT_OPEN
    return Finding(fact, payment, sums([payment]))


def read_payable(payable: Payable) -> Finding:
    """What all payments of an order say: the one with money speaks, else the newest. Raises NeedsStaff."""
    if not payable.payments:
        return Finding(Fact.PAYMENT_DEAD)
    paid = [payment for payment in payable.payments if payment.has_money]
    spoken = read_payment(paid[0] if paid else payable.payments[-1])
    return Finding(spoken.fact, spoken.payment, sums(payable.payments))


def read_closing(facts: Sequence[PaymentFact], *, only_if_unpaid: bool) -> Finding:
    """What the answers to `void` say together. Raises NotYet while one of them is no answer."""
    for fact in facts:
        if fact.status == "captured" and fact.unreturned > 0:
            return Finding(Fact.MONEY_CAPTURED, fact, sums([fact]))
        if fact.status == "authorized" and only_if_unpaid and fact.has_money:
            return Finding(Fact.MONEY_AUTHORIZED, fact, sums([fact]))
    if any(fact.status not in DEAD and fact.status != "captured" for fact in facts):
        raise NotYet("the payment to be closed")
    returned = next((fact for fact in facts if fact.status == "captured"), None)
    if returned is not None:
        return Finding(Fact.MONEY_RETURNED, returned, sums([returned]))
    return Finding(Fact.PAYMENT_CLOSED, facts[-1], Money())


def sums(payments: Sequence[PaymentFact]) -> Money:
    """What was authorized (and not let go), captured and refunded in all."""
    return Money(
        sum(payment.authorized for payment in payments if payment.status not in DEAD),
        sum(payment.captured for payment in payments),
        sum(payment.refunded for payment in payments),
    )
