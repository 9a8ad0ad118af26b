"""The statements about money that orders give back."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from chassis.database import Database
from chassis.money import Money
from orders.lifecycle.queries.saga import Lease


@dataclass(frozen=True, slots=True)
class WantedRefund:
    """A refund that payments may not have been told of yet."""

    id: UUID
    payment_id: UUID
    amount: Money
    reason: str


async def requested(db: Database, order_id: UUID) -> list[WantedRefund]:
    """The refunds of an order that payments have not answered yet, the oldest first."""
    rows = await db.fetch(_REQUESTED, order_id)
    return [
        WantedRefund(row["id"], row["payment_id"], Money(row["amount"], row["currency"]), row["reason"])
        for row in rows
    ]


async def request(db: Database, lease: Lease, *, payment_id: UUID, amount: Money, reason: str) -> bool:
    """The wish to return `amount` is durable, before it is sent; false when the lease is lost.

    Its id is derived from the order and its place among the order's refunds.
    """
    place = await db.fetchval(_COUNT, lease.order_id) + 1
    refund_id = uuid5(lease.order_id, f"refund:{place}")
    arguments = (refund_id, payment_id, amount.amount, amount.currency, reason)
    return bool(await db.fetchval(_REQUEST, lease.order_id, lease.token, *arguments))


async def answered(db: Database, refund_id: UUID, status: str) -> None:
    """What payments said to a refund: pending, succeeded or failed."""
    await db.execute(_ANSWERED, refund_id, status)


_REQUESTED = """
SELECT id, payment_id, amount, currency, reason FROM order_refunds
 WHERE order_id = $1 AND status = 'requested' ORDER BY created_at
"""
_COUNT = "SELECT count(*) FROM order_refunds WHERE order_id = $1"
_REQUEST = """
INSERT INTO order_refunds (id, order_id, payment_id, amount, currency, reason)
SELECT $3, orders.id, $4, $5, $6, $7 FROM orders WHERE orders.id = $1 AND lease_token = $2
ON CONFLICT (id) DO NOTHING RETURNING true
"""
_ANSWERED = "UPDATE order_refunds SET status = $2, updated_at = now() WHERE id = $1"
