"""Statements about refunds, one per decision. Each is a transaction of its own."""

from uuid import UUID

from chassis.database import Database
from chassis.ids import new_id
from chassis.money import Money
from payments.ledger import rules as ledger
from payments.news.message import Message
from payments.refunds.refund import Refund, refund_key
from payments.refunds.rules import Effect

COLUMNS = """
r.id, r.payment_id, p.order_id, r.amount, r.currency, r.reason, r.status, r.provider_ref, r.failure, r.attempts,
r.created_at, now() AS read_at
"""
FROM = "FROM refunds r JOIN payments p ON p.id = r.payment_id"


async def refund(db: Database, refund_id: UUID) -> Refund | None:
    """The refund with this id."""
    row = await db.fetchrow(f"SELECT {COLUMNS} {FROM} WHERE r.id = $1", refund_id)  # constants
    return Refund.from_row(row) if row else None


async def refunds_of(db: Database, payment_id: UUID) -> list[Refund]:
    """All refunds of a payment, the oldest first."""
    rows = await db.fetch(
        f"SELECT {COLUMNS} {FROM} WHERE r.payment_id = $1 ORDER BY r.created_at, r.id",  # constants
        payment_id,
    )
    return [Refund.from_row(row) for row in rows]


async def reserve(
    db: Database,
    refund_id: UUID,
    *,
    payment_id: UUID,
    amount: Money,
    reason: str,
    lease: float,
    seen_as: str | None = None,
) -> bool:
    """The refund is there, its amount reserved, its operation and ledger transaction written, leased by us.

    False: less than `amount` is left of what was captured; nothing is written. Raises UniqueViolationError when the
    id is taken. `seen_as`: the provider's name of a refund that somebody else made there.
    """
    posting = ledger.refund_reserved(amount)
    return bool(
        await db.fetchval(
            _RESERVE,
            refund_id,
            payment_id,
            amount.amount,
            amount.currency,
            reason,
            lease,
            new_id(),
            refund_key(refund_id),
            posting.id,
            posting.kind,
            ledger.rows((posting,)),
            seen_as,
        )
    )


async def settle(
    db: Database,
    before: Refund,
    status: str,
    effect: Effect,
    *,
    provider_ref: str | None,
    failure: str | None,
    message: Message | None,
) -> bool:
    """The refund has its new status, the payment its sums, the ledger its transaction. False: it had moved already."""
    posting = effect.posting(before.amount)
    return bool(
        await db.fetchval(
            _SETTLE,
            before.id,
            before.status,
            status,
            provider_ref,
            failure,
            effect.refunded * before.amount.amount,
            effect.reserved * before.amount.amount,
            refund_key(before.id),
            posting.id,
            posting.kind,
            ledger.rows((posting,)),
            message.event_id if message else None,
            message.type if message else None,
            message.row()["lease"] if message else None,
        )
    )


async def note_under_way(db: Database, before: Refund, provider_ref: str, *, next_in: float | None) -> None:
    """The provider has taken the refund and will decide later; it is asked again in `next_in` seconds."""
    await db.execute(_UNDER_WAY, before.id, provider_ref, next_in, refund_key(before.id))


async def mark_unknown(db: Database, before: Refund, *, again_in: float, why: str) -> None:
    """The refund's operation is `unknown`, and due to be settled in `again_in` seconds."""
    await db.execute(_UNKNOWN, before.id, again_in, refund_key(before.id), why)


async def claim(db: Database, count: int, *, lease: float) -> list[UUID]:
    """At most `count` due refunds are ours for `lease` seconds."""
    return [row["id"] for row in await db.fetch(_CLAIM, count, lease, new_id())]


_ENTRIES = (
    "jsonb_to_recordset($11::jsonb) AS x(id uuid, line smallint, account text, amount bigint, currency text)"
)
_RESERVE = f"""
WITH reserved AS (
  UPDATE payments SET refund_reserved_amount = refund_reserved_amount + $3, version = version + 1, updated_at = now()
   WHERE id = $2 AND currency = $4 AND captured_amount - refund_reserved_amount >= $3
  RETURNING id
), refund AS (
  INSERT INTO refunds (id, payment_id, amount, currency, reason, status, next_at, lease_token, provider_ref, foreign_made)
  SELECT $1, id, $3, $4, $5, 'pending', now() + make_interval(secs => $6), $7, $12::text, $12::text IS NOT NULL FROM reserved
), operation AS (
  INSERT INTO payment_operations (payment_id, kind, amount, currency, idempotency_key, status, reason)
  SELECT id, 'refund', $3, $4, $8, 'pending', $5 FROM reserved
), posted AS (
  INSERT INTO ledger_transactions (id, payment_id, refund_id, kind) SELECT $9, id, $1, $10 FROM reserved
), entered AS (
  INSERT INTO ledger_entries (transaction_id, line, account, amount, currency)
  SELECT x.id, x.line, x.account, x.amount, x.currency FROM reserved, {_ENTRIES}
)
SELECT count(*) FROM reserved
"""  # noqa: S608  # constants
_SETTLE = f"""
WITH moved AS (
  UPDATE refunds
     SET status = $3, provider_ref = coalesce($4, provider_ref), failure = $5, next_at = NULL, attempts = 0,
         lease_token = NULL, updated_at = now()
   WHERE id = $1 AND status = $2
  RETURNING id, payment_id
), counted AS (
  UPDATE payments p
     SET refunded_amount = refunded_amount + $6, refund_reserved_amount = refund_reserved_amount + $7,
         version = version + 1, updated_at = now()
    FROM moved WHERE p.id = moved.payment_id
  RETURNING p.id, p.order_id
), operation AS (
  UPDATE payment_operations o SET status = $3, code = $5, updated_at = now() FROM moved WHERE o.idempotency_key = $8
), posted AS (
  INSERT INTO ledger_transactions (id, payment_id, refund_id, kind) SELECT $9, payment_id, id, $10 FROM moved
), entered AS (
  INSERT INTO ledger_entries (transaction_id, line, account, amount, currency)
  SELECT x.id, x.line, x.account, x.amount, x.currency FROM moved, {_ENTRIES}
), told AS (
  INSERT INTO news (event_id, type, order_id, payment_id, next_at)
  SELECT $12::uuid, $13::text, order_id, id, now() + make_interval(secs => $14) FROM counted WHERE $12::uuid IS NOT NULL
)
SELECT count(*) FROM moved
"""  # noqa: S608  # constants
_UNDER_WAY = """
WITH known AS (
  UPDATE refunds SET provider_ref = coalesce(provider_ref, $2), next_at = now() + make_interval(secs => $3),
         attempts = 0, lease_token = NULL
   WHERE id = $1 AND status = 'pending'
  RETURNING id
)
UPDATE payment_operations o SET status = 'pending', code = NULL FROM known WHERE o.idempotency_key = $4 AND o.status = 'unknown'
"""
_UNKNOWN = """
WITH due AS (
  UPDATE refunds SET next_at = now() + make_interval(secs => $2) WHERE id = $1 AND status = 'pending' RETURNING id
)
UPDATE payment_operations o SET status = 'unknown', code = $4, updated_at = now()
  FROM due WHERE o.idempotency_key = $3 AND o.status IN ('pending', 'unknown')
"""
_CLAIM = """
UPDATE refunds
   SET next_at = now() + make_interval(secs => $2), attempts = attempts + 1, lease_token = $3
 WHERE id = ANY (ARRAY(SELECT id FROM refunds WHERE next_at <= now() ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED))
RETURNING id
"""
