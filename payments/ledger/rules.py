"""Which accounts a movement of money touches. Amounts are minor units; a debit is > 0, a credit < 0.

    provider_clearing   what the provider holds for us (asset): captured − given back
    orders_paid         what customers have paid for their orders (liability until delivered): captured − reserved for refunds
    refunds_pending     promised back, not yet gone (liability): reserved − given back

An authorization moves no money and is not in the ledger.
"""

from dataclasses import dataclass
from uuid import UUID

from chassis.ids import new_id
from chassis.money import Money

PROVIDER_CLEARING = "provider_clearing"
ORDERS_PAID = "orders_paid"
REFUNDS_PENDING = "refunds_pending"


@dataclass(frozen=True, slots=True)
class Posting:
    """One balanced transaction: `amount` moves from the account `credit` to the account `debit`."""

    id: UUID
    kind: str
    debit: str
    credit: str
    amount: Money


def captured(amount: Money) -> Posting:
    """The provider holds `amount` for us, paid by the customer."""
    return Posting(new_id(), "capture", PROVIDER_CLEARING, ORDERS_PAID, amount)


def refund_reserved(amount: Money) -> Posting:
    """`amount` is promised back."""
    return Posting(new_id(), "refund_reserved", ORDERS_PAID, REFUNDS_PENDING, amount)


def refund_succeeded(amount: Money) -> Posting:
    """`amount` has left the provider."""
    return Posting(new_id(), "refund_succeeded", REFUNDS_PENDING, PROVIDER_CLEARING, amount)


def refund_failed(amount: Money) -> Posting:
    """The promise of `amount` is taken back: it never left."""
    return Posting(new_id(), "refund_failed", REFUNDS_PENDING, ORDERS_PAID, amount)


def refund_reversed(amount: Money) -> Posting:
    """`amount` had left and came back to the provider; it is the order's again."""
    return Posting(new_id(), "refund_reversed", PROVIDER_CLEARING, ORDERS_PAID, amount)


def rows(postings: tuple[Posting, ...]) -> list[dict[str, str | int]]:
    """The entries of `postings` as rows for SQL, the debit before the credit."""
    return [
        {
            "id": str(posting.id),
            "kind": posting.kind,
            "line": line,
            "account": account,
            "amount": amount,
            "currency": posting.amount.currency,
        }
        for posting in postings
        for line, account, amount in (
            (1, posting.debit, posting.amount.amount),
            (2, posting.credit, -posting.amount.amount),
        )
    ]
