"""The statement behind lists of payments: newest first, by keyset."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database import Database
from payments.attempts.payable import Viewer
from payments.attempts.payable_queries import MINE
from payments.attempts.payment import Payment
from payments.attempts.queries import COLUMNS


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters; None means any. `created_from` is inclusive, `created_to` is not."""

    order_id: UUID | None = None
    status: str | None = None
    provider: str | None = None
    quarantined: bool | None = None
    customer_id: UUID | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None


CONDITIONS = {
    "order_id": "p.order_id = {}",
    "status": "p.status = {}",
    "provider": "p.provider = {}",
    "quarantined": "p.quarantined = {}",
    "customer_id": "p.order_id IN (SELECT order_id FROM payables WHERE customer_id = {})",
    "created_from": "p.created_at >= {}",
    "created_to": "p.created_at < {}",
}


async def page(
    db: Database, viewer: Viewer, wanted: Wanted, *, after: tuple[datetime, UUID] | None, count: int
) -> list[Payment]:
    """At most `count` payments that the viewer may see, newest first, those that come after the position.

    Only the filters that are set are in the statement, so that each finds its index.
    """
    conditions, arguments = ["true"], []
    for name, condition in CONDITIONS.items():
        if (value := getattr(wanted, name)) is not None:
            arguments.append(value)
            conditions.append(condition.format(f"${len(arguments)}"))
    if not viewer.is_staff:
        arguments += [viewer.customer_id, viewer.order_token_hash]
        conditions.append(_OWN.format(f"${len(arguments) - 1}", f"${len(arguments)}"))
    if after is not None:
        arguments += after
        conditions.append(f"(p.created_at, p.id) < (${len(arguments) - 1}, ${len(arguments)})")
    where = " AND ".join(conditions)
    rows = await db.fetch(
        f"SELECT {COLUMNS} {_JOIN} WHERE {where} ORDER BY p.created_at DESC, p.id DESC LIMIT {int(count)}",  # constants and placeholders
        *arguments,
    )
    return [Payment.from_row(row) for row in rows]


async def mine(db: Database, viewer: Viewer, payment_id: UUID) -> Payment | None:
    """The payment, if the viewer may see it."""
    row = await db.fetchrow(_MINE, viewer.is_staff, viewer.customer_id, viewer.order_token_hash, payment_id)
    return Payment.from_row(row) if row else None


_JOIN = "FROM payments p JOIN payables o ON o.order_id = p.order_id"
_OWN = """p.order_id = ANY (ARRAY(SELECT order_id FROM payables WHERE customer_id = {}
                                  UNION SELECT order_id FROM payables WHERE order_token_hash = {}))"""
_MINE = f"SELECT {COLUMNS} {_JOIN} WHERE {MINE} AND p.id = $4"  # constants
