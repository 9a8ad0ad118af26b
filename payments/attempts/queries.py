"""Statements about payments, one per decision. Each is a transaction of its own.

A write that follows from what was read names the version it was read at: if anything changed in between it
writes nothing, and its caller reads and decides again.
"""

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Connection, Database, rows_changed
from chassis.ids import new_id
from payments.attempts.payment import Payment
from payments.attempts.rules import Move
from payments.ledger import rules as ledger
from payments.news.message import Message
from payments.providers.protocol import Refs
from payments.webhooks.inbox_queries import Receipt

COLUMNS = """
p.id, p.order_id, p.provider, p.method, p.status, p.due_amount, p.currency, p.authorized_amount, p.captured_amount,
p.refund_reserved_amount, p.refunded_amount, p.provider_ref, p.provider_payment_ref, p.redirect_url,
p.session_expires_at, p.session_seconds, p.success_url, p.cancel_url, p.locale, p.quarantined, p.quarantine_reason,
p.version, p.attempts, p.created_at, now() AS read_at,
o.order_number, o.email,
(SELECT jsonb_agg(jsonb_build_object('kind', x.kind, 'key', x.idempotency_key, 'status', x.status, 'amount', x.amount,
                                     'only_if_unpaid', x.only_if_unpaid, 'code', x.code, 'message', x.message,
                                     'created_at', to_char(x.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                  ORDER BY x.created_at, x.id)
   FROM payment_operations x WHERE x.payment_id = p.id) AS operations
"""
FROM = "FROM payments p LEFT JOIN payables o ON o.order_id = p.order_id"


async def payment(db: Database, payment_id: UUID) -> Payment | None:
    """The payment with this id, tombstones too."""
    row = await db.fetchrow(f"SELECT {COLUMNS} {FROM} WHERE p.id = $1", payment_id)  # constants
    return Payment.from_row(row) if row else None


async def payment_named(db: Database, refs: Refs) -> Payment | None:
    """The payment that a provider calls by one of these names."""
    row = await db.fetchrow(
        f"SELECT {COLUMNS} {FROM} WHERE p.provider_payment_ref = $1 OR p.provider_ref = $2",  # constants
        refs.payment,
        refs.page,
    )
    return Payment.from_row(row) if row else None


async def payments_of(db: Database | Connection, order_id: UUID) -> list[Payment]:
    """All attempts to pay an order, the newest last."""
    rows = await db.fetch(
        f"SELECT {COLUMNS} {FROM} WHERE p.order_id = $1 ORDER BY p.created_at, p.id",  # constants
        order_id,
    )
    return [Payment.from_row(row) for row in rows]


async def record(
    db: Database,
    before: Payment,
    move: Move,
    *,
    next_in: float | None,
    news: Sequence[Message],
    receipt: Receipt | None,
) -> bool:
    """The move is made, with its operations, ledger, news and the receipt of the event that told it, or nothing is.

    `next_in`: seconds until the provider is asked again unasked. False: the payment has changed since it was read.
    """
    return bool(
        await db.fetchval(
            _RECORD,
            before.id,
            before.version,
            move.status,
            move.authorized,
            move.captured,
            move.refs.page,
            move.refs.payment,
            move.redirect_url,
            move.quarantine,
            next_in,
            [_operation_row(change) for change in move.operations],
            ledger.rows(move.postings),
            [message.row() for message in news],
            receipt.provider if receipt else None,
            receipt.event_id if receipt else None,
            receipt.type if receipt else None,
            receipt.object_ref if receipt else None,
        )
    )


def _operation_row(change: object) -> dict[str, object]:
    return {name: getattr(change, name) for name in ("kind", "key", "amount", "status", "code", "message")}


async def begin_operation(
    db: Database, before: Payment, *, kind: str, key: str, only_if_unpaid: bool, reason: str, lease: float
) -> bool:
    """The operation is written, `pending`, before the provider hears of it; the payment is ours for `lease` seconds.

    False: the payment has changed since it was read. An operation that has failed is begun anew.
    """
    return bool(
        await db.fetchval(
            _BEGIN,
            before.id,
            before.version,
            kind,
            before.due.amount,
            key,
            only_if_unpaid,
            reason,
            lease,
            new_id(),
        )
    )


async def mark_unknown(db: Database, payment_id: UUID, kind: str, *, again_in: float, why: str) -> None:
    """Open operations of this kind are `unknown`, and due to be settled in `again_in` seconds."""
    await db.execute(_UNKNOWN, payment_id, kind, again_in, why)


async def fail_operation(
    db: Database, before: Payment, *, key: str, code: str, message: str, next_in: float | None
) -> None:
    """An open operation has definitely failed; the payment itself is as it was."""
    await db.execute(_FAIL, before.id, key, code, message, next_in)


async def change_return(db: Database, payment_id: UUID, success_url: str, cancel_url: str) -> bool:
    """The shopper shall come back to these addresses. False: the payment is settled or not opened yet, nothing was
    changed: asking the provider for the same session again must say the same.
    """
    return rows_changed(await db.execute(_CHANGE_RETURN, payment_id, success_url, cancel_url)) == 1


async def put_off(
    db: Database, payment_id: UUID, *, lease_token: UUID, next_in: float | None, settled: bool
) -> None:
    """The worker that holds the lease is done for now; `settled` ends the count of failures in a row.

    Nothing happens when the lease is no longer its own.
    """
    await db.execute(_PUT_OFF, payment_id, lease_token, next_in, settled)


async def quarantine(db: Database, payment_id: UUID, *, reason: str) -> None:
    """The payment waits for staff. The first reason is kept."""
    await db.execute(_QUARANTINE, payment_id, reason)


async def claim(db: Database, count: int, *, lease: float) -> list[tuple[UUID, UUID, int]]:
    """At most `count` due payments are ours for `lease` seconds: (payment id, lease token, attempts with this one)."""
    rows = await db.fetch(_CLAIM, count, lease, new_id())
    return [(row["id"], row["lease_token"], row["attempts"]) for row in rows]


_RECORD = """
WITH moved AS (
  UPDATE payments
     SET status = $3, authorized_amount = $4, captured_amount = $5, provider_ref = $6, provider_payment_ref = $7,
         redirect_url = $8, quarantined = quarantined OR $9::text IS NOT NULL,
         quarantine_reason = coalesce(quarantine_reason, $9),
         next_at = now() + make_interval(secs => $10), attempts = 0, lease_token = NULL,
         version = version + 1, updated_at = now()
   WHERE id = $1 AND version = $2
  RETURNING id, order_id, currency
), operation AS (
  INSERT INTO payment_operations (payment_id, kind, amount, currency, idempotency_key, status, code, message)
  SELECT m.id, x.kind, x.amount, m.currency, x.key, x.status, x.code, x.message
    FROM moved m, jsonb_to_recordset($11::jsonb)
         AS x(kind text, key text, amount bigint, status text, code text, message text)
  ON CONFLICT (idempotency_key) DO UPDATE
     SET status = excluded.status, code = excluded.code, message = excluded.message, updated_at = now()
   WHERE payment_operations.status IN ('pending', 'unknown')
), line AS (
  SELECT x.* FROM moved, jsonb_to_recordset($12::jsonb)
         AS x(id uuid, kind text, line smallint, account text, amount bigint, currency text)
), posted AS (
  INSERT INTO ledger_transactions (id, payment_id, kind)
  SELECT line.id, m.id, line.kind FROM line, moved m WHERE line.line = 1
), entered AS (
  INSERT INTO ledger_entries (transaction_id, line, account, amount, currency)
  SELECT id, line, account, amount, currency FROM line
), told AS (
  INSERT INTO news (event_id, type, order_id, payment_id, next_at)
  SELECT x.event_id, x.type, m.order_id, m.id, now() + make_interval(secs => x.lease)
    FROM moved m, jsonb_to_recordset($13::jsonb) AS x(event_id uuid, type text, lease float8)
), received AS (
  INSERT INTO provider_events (provider, event_id, type, payment_id, object_ref, settled)
  SELECT $14::text, $15::text, $16::text, m.id, $17::text, true FROM moved m WHERE $15 IS NOT NULL
  ON CONFLICT (provider, event_id) DO UPDATE SET settled = true
)
SELECT count(*) FROM moved
"""
_BEGIN = """
WITH mine AS (
  UPDATE payments
     SET next_at = now() + make_interval(secs => $8), lease_token = $9, version = version + 1, updated_at = now()
   WHERE id = $1 AND version = $2
  RETURNING id, currency
), operation AS (
  INSERT INTO payment_operations (payment_id, kind, amount, currency, idempotency_key, status, only_if_unpaid, reason)
  SELECT id, $3, $4, currency, $5, 'pending', $6, $7 FROM mine
  ON CONFLICT (idempotency_key) DO UPDATE SET status = 'pending', code = NULL, message = NULL, updated_at = now()
   WHERE payment_operations.status <> 'succeeded'
)
SELECT count(*) FROM mine
"""
_UNKNOWN = """
WITH due AS (UPDATE payments SET next_at = now() + make_interval(secs => $3) WHERE id = $1)
UPDATE payment_operations SET status = 'unknown', code = $4, updated_at = now()
 WHERE payment_id = $1 AND kind = $2 AND status IN ('pending', 'unknown')
"""
_FAIL = """
WITH free AS (
  UPDATE payments SET next_at = now() + make_interval(secs => $5), lease_token = NULL, attempts = 0, version = version + 1
   WHERE id = $1
)
UPDATE payment_operations SET status = 'failed', code = $3, message = $4, updated_at = now()
 WHERE payment_id = $1 AND idempotency_key = $2 AND status IN ('pending', 'unknown')
"""
_CHANGE_RETURN = """
UPDATE payments SET success_url = $2, cancel_url = $3, version = version + 1, updated_at = now()
 WHERE id = $1 AND status = 'requires_action'
"""
_QUARANTINE = """
UPDATE payments SET quarantined = true, quarantine_reason = coalesce(quarantine_reason, $2), version = version + 1
 WHERE id = $1
"""
_PUT_OFF = """
UPDATE payments
   SET next_at = now() + make_interval(secs => $3), attempts = CASE WHEN $4 THEN 0 ELSE attempts END,
       lease_token = NULL
 WHERE id = $1 AND lease_token = $2
"""
_CLAIM = """
UPDATE payments
   SET next_at = now() + make_interval(secs => $2), attempts = attempts + 1, lease_token = $3
 WHERE id = ANY (ARRAY(SELECT id FROM payments WHERE next_at <= now() ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED))
RETURNING id, lease_token, attempts
"""
