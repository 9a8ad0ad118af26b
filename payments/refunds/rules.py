"""What a refund's next status does to the money: a table of truth."""

from collections.abc import Callable
from dataclasses import dataclass

from chassis.money import Money
from payments.ledger import rules as ledger
from payments.ledger.rules import Posting
from payments.refunds.refund import PENDING, REFUND_FAILED, SUCCEEDED, Refund

POLLS = (60, 300, 1800)
HOURLY_FOR = 72 * 3600
DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Effect:
    """By how many times its amount `refunded` and `refund_reserved` change, and what the ledger says."""

    refunded: int
    reserved: int
    posting: Callable[[Money], Posting]
    news: str


EFFECTS = {
    (PENDING, SUCCEEDED): Effect(+1, 0, ledger.refund_succeeded, "refund.succeeded"),
    (PENDING, REFUND_FAILED): Effect(0, -1, ledger.refund_failed, "refund.failed"),
    (SUCCEEDED, REFUND_FAILED): Effect(-1, -1, ledger.refund_reversed, "refund.failed"),
}
"""A refund that succeeded can still come back (a closed account): then it may be made again. `failed` is final."""


def effect(refund: Refund, status: str) -> Effect | None:
    """What the provider's `status` changes; None when it is not news."""
    return EFFECTS.get((refund.status, status))


def seconds_to_next_poll(refund: Refund, status: str) -> float | None:
    """When to ask about a refund that is under way: 1, 5, 30 minutes, hourly for three days, then daily."""
    if status != PENDING:
        return None
    age = (refund.read_at - refund.created_at).total_seconds()
    every = 3600 if age < HOURLY_FOR else DAY
    step = next((poll for poll in POLLS if poll > age), (age // every + 1) * every)
    return max(step - age, 1.0)
