"""Statements about payables, and the one that begins an attempt."""

from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.database import Connection, Database, rows_changed
from chassis.ids import new_id
from payments.attempts.payable import Payable, Viewer, Wish
from payments.attempts.payment import Payment, create_key
from payments.news.message import Message

MINE = "($1 OR o.customer_id = $2 OR o.order_token_hash = $3)"
"""The payables a viewer may see, in every WHERE that answers people."""


async def payable(db: Database | Connection, order_id: UUID) -> Payable | None:
    """What this order is owed."""
    row = await db.fetchrow("SELECT * FROM payables WHERE order_id = $1", order_id)
    return Payable.from_row(row) if row else None


async def payable_to_pay(connection: Connection, order_id: UUID, viewer: Viewer) -> Payable | None:
    """What this order of the viewer's is owed; nobody else begins an attempt or closes it until we are done."""
    row = await connection.fetchrow(
        f"SELECT o.* FROM payables o WHERE {MINE} AND o.order_id = $4 FOR NO KEY UPDATE",  # noqa: S608  # a constant
        viewer.is_staff,
        viewer.customer_id,
        viewer.order_token_hash,
        order_id,
    )
    return Payable.from_row(row) if row else None


async def close_payable(db: Database, payment_id: UUID) -> None:
    """People begin no further attempt to pay what this payment was for; orders may."""
    await db.execute(_CLOSE, payment_id)


async def begin(
    db: Database | Connection, payment_id: UUID, payable: Payable, wish: Wish, *, provider: str, lease: float
) -> tuple[datetime, datetime] | None:
    """Payable, payment and its operation `authorize` are there, leased by us: (created_at, session_expires_at).

    None when the id is taken or the order has another live payment. Raises ForeignKeyViolationError when the
    order is owed something else.
    """
    row: asyncpg.Record | None = await db.fetchrow(
        _BEGIN,
        payable.order_id,
        payable.order_number,
        payable.due.amount,
        payable.due.currency,
        payable.customer_id,
        payable.order_token_hash,
        payable.email,
        payment_id,
        provider,
        wish.method,
        wish.session_seconds,
        wish.success_url,
        wish.cancel_url,
        wish.locale,
        create_key(payment_id),
        lease,
        new_id(),
    )
    return (row["created_at"], row["session_expires_at"]) if row else None


async def renew_session(db: Database, before: Payment) -> bool:
    """The session that nobody has opened yet shall begin now. False: the payment has changed since it was read."""
    return rows_changed(await db.execute(_RENEW, before.id, before.version)) == 1


async def bury(db: Database, payment_id: UUID, *, currency: str) -> None:
    """An id nobody has heard of is voided before it is asked for: who asks later gets a 410. Else nothing happens."""
    await db.execute(_BURY, payment_id, currency)


async def taken(connection: Connection, ids: list[UUID]) -> set[UUID]:
    """Which of these payment ids exist, tombstones too."""
    return {row["id"] for row in await connection.fetch("SELECT id FROM payments WHERE id = ANY($1)", ids)}


async def write_news(connection: Connection, message: Message) -> None:
    """The message will reach orders if this transaction commits."""
    row = message.row()
    await connection.execute(
        "INSERT INTO news (event_id, type, order_id, payment_id, next_at) VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))",
        message.event_id,
        message.type,
        message.order_id,
        message.payment_id,
        row["lease"],
    )


_BEGIN = """
WITH payable AS (
  INSERT INTO payables (order_id, order_number, due_amount, currency, customer_id, order_token_hash, email)
  SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (SELECT FROM payments WHERE id = $8)
  ON CONFLICT (order_id) DO NOTHING
), payment AS (
  INSERT INTO payments (id, order_id, provider, method, status, due_amount, currency, session_seconds,
                        session_expires_at, success_url, cancel_url, locale, next_at, lease_token)
  VALUES ($8, $1, $9, $10, 'created', $3, $4, $11::bigint, now() + make_interval(secs => $11::bigint), $12, $13, $14,
          now() + make_interval(secs => $16), $17)
  ON CONFLICT DO NOTHING
  RETURNING id, order_id, created_at, session_expires_at
), reopened AS (
  UPDATE payables o SET closed_at = NULL FROM payment p WHERE o.order_id = p.order_id AND o.closed_at IS NOT NULL
), operation AS (
  INSERT INTO payment_operations (payment_id, kind, amount, currency, idempotency_key, status)
  SELECT id, 'authorize', $3, $4, $15, 'pending' FROM payment
)
SELECT created_at, session_expires_at FROM payment
"""
_RENEW = """
UPDATE payments
   SET session_expires_at = now() + make_interval(secs => session_seconds), version = version + 1, updated_at = now()
 WHERE id = $1 AND version = $2 AND status = 'created'
"""
_BURY = """
INSERT INTO payments (id, provider, method, status, due_amount, currency)
VALUES ($1, 'none', 'none', 'voided', 0, $2)
ON CONFLICT (id) DO NOTHING
"""
_CLOSE = """
UPDATE payables SET closed_at = now()
 WHERE order_id = (SELECT order_id FROM payments WHERE id = $1) AND closed_at IS NULL
"""
