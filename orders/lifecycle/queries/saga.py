"""The statements by which an order is taken up: leases, news, and what the saga reads."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from chassis.database import Database
from chassis.money import Money
from orders.lifecycle.states import PaymentStatus, Reason, State, Status, Step


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to move one order, until its time runs out or another holds a newer one."""

    order_id: UUID
    token: UUID


@dataclass(frozen=True, slots=True)
class SagaOrder:
    """What the saga needs to know of an order. `lines`: variant and quantity, grouped, by variant."""

    id: UUID
    number: str
    state: State
    payment_status: PaymentStatus
    deadline_passed: bool
    news: int
    attempts: int
    stuck: bool
    total: Money
    customer_id: UUID | None
    token_hash: bytes | None
    email: str
    locale: str
    return_url: str
    cart_id: UUID
    payment_method: str
    payment_id: UUID | None
    payment_state: str | None
    payment_url: str | None
    lines: tuple[tuple[UUID, int], ...]


async def claim(db: Database, limit: int, *, lease_seconds: float, deaths: int) -> list[Lease]:
    """At most `limit` due orders are leased to the caller.

    An order whose workers died `deaths` times in a row is not handed out again: it is stuck, for staff to retry.
    """
    rows = await db.fetch(_CLAIM, limit, lease_seconds, deaths)
    return [Lease(row["id"], row["lease_token"]) for row in rows if row["lease_token"] is not None]


async def take(db: Database, lease: Lease, *, lease_seconds: float) -> bool:
    """Whether the caller holds `lease` now: nobody else held a living one."""
    return bool(await db.fetchval(_TAKE, lease.order_id, lease.token, lease_seconds))


async def take_to_ask(db: Database, lease: Lease, *, lease_seconds: float, pause: float) -> bool:
    """Like `take`, for an order that awaits payment and was not asked about for `pause` seconds."""
    return bool(await db.fetchval(_TAKE_TO_ASK, lease.order_id, lease.token, lease_seconds, pause))


async def retry(db: Database, lease: Lease, *, lease_seconds: float, actor: str) -> bool | None:
    """The order starts its step afresh by order of staff; whether the caller holds `lease`. None: no such order."""
    ours: bool | None = await db.fetchval(_RETRY, lease.order_id, lease.token, lease_seconds, actor)
    return ours


async def hear(
    db: Database, *, event_id: UUID, kind: str, payment_id: UUID | None, lease: Lease, lease_seconds: float
) -> bool:
    """News is in the inbox and its order knows; whether the caller holds `lease` to look into it.

    A repetition changes nothing. If another holds the order, they will look again before they leave it.
    """
    arguments = (event_id, kind, lease.order_id, payment_id, lease.token, lease_seconds)
    return bool(await db.fetchval(_HEAR, *arguments))


async def load(db: Database, lease: Lease) -> SagaOrder | None:
    """The order, if the lease is still the newest one."""
    row = await db.fetchrow(_LOAD, lease.order_id, lease.token)
    return None if row is None else _order(row)


async def forget_old_news(db: Database, *, days: int) -> None:
    """News older than `days` is out of the inbox: nobody repeats it any more."""
    await db.execute("DELETE FROM inbox WHERE received_at < now() - make_interval(days => $1)", days)


def _order(row: asyncpg.Record) -> SagaOrder:
    reason = row["cancel_reason"]
    return SagaOrder(
        id=row["id"],
        number=row["number"],
        state=State(Status(row["status"]), Step(row["step"]), Reason(reason) if reason else None),
        payment_status=PaymentStatus(row["payment_status"]),
        deadline_passed=row["deadline_passed"],
        news=row["news"],
        attempts=row["attempts"],
        stuck=row["stuck"],
        total=Money(row["total_amount"], row["currency"]),
        customer_id=row["customer_id"],
        token_hash=row["token_hash"],
        email=row["email"],
        locale=row["locale"],
        return_url=row["return_url"],
        cart_id=row["cart_id"],
        payment_method=row["payment_method"],
        payment_id=row["payment_id"],
        payment_state=row["payment_state"],
        payment_url=row["payment_url"],
        lines=tuple(zip(row["variants"], row["quantities"], strict=True)),
    )


_CLAIM = """
WITH due AS (
  SELECT id, lease_token IS NOT NULL AS died, lease_token IS NOT NULL AND deaths + 1 >= $3 AS deadly
    FROM orders WHERE next_at <= now() ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED)
UPDATE orders
   SET lease_token = CASE WHEN due.deadly THEN NULL ELSE gen_random_uuid() END,
       next_at = CASE WHEN due.deadly THEN NULL ELSE now() + make_interval(secs => $2) END,
       attempts = attempts + 1,
       deaths = CASE WHEN due.died THEN deaths + 1 ELSE deaths END,
       stuck = stuck OR due.deadly,
       last_error = CASE WHEN due.deadly THEN 'its workers died' ELSE last_error END
  FROM due WHERE orders.id = due.id
RETURNING orders.id, orders.lease_token
"""

_FREE = "(lease_token IS NULL OR next_at <= now())"

_TAKE = f"""
UPDATE orders SET lease_token = $2, next_at = now() + make_interval(secs => $3), attempts = attempts + 1
 WHERE id = $1 AND {_FREE} RETURNING true
"""  # noqa: S608  # our own fragments

_TAKE_TO_ASK = f"""
UPDATE orders SET lease_token = $2, next_at = now() + make_interval(secs => $3), attempts = attempts + 1,
       asked_at = now()
 WHERE id = $1 AND {_FREE} AND status = 'pending' AND step = 'awaiting_payment'
   AND (asked_at IS NULL OR asked_at < now() - make_interval(secs => $4))
RETURNING true
"""  # noqa: S608  # our own fragments

_RETRY = f"""
WITH taken AS (
  UPDATE orders
     SET news = news + 1, stuck = false, deaths = 0, last_error = NULL, version = version + 1,
         attempts = CASE WHEN {_FREE} THEN 1 ELSE attempts END,
         lease_token = CASE WHEN {_FREE} THEN $2 ELSE lease_token END,
         next_at = CASE WHEN {_FREE} THEN now() + make_interval(secs => $3) ELSE next_at END
   WHERE id = $1 RETURNING id, status, step, lease_token = $2 AS ours),
told AS (
  INSERT INTO order_events (order_id, event, who, actor, status, step)
  SELECT id, 'order.retried', 'staff', $4, status, step FROM taken)
SELECT ours FROM taken
"""  # noqa: S608  # our own fragments

_HEAR = f"""
WITH heard AS (
  INSERT INTO inbox (event_id, type, order_id, payment_id) VALUES ($1, $2, $3, $4)
  ON CONFLICT (event_id) DO NOTHING RETURNING order_id)
UPDATE orders
   SET news = news + 1,
       attempts = CASE WHEN {_FREE} THEN 1 ELSE attempts END,
       lease_token = CASE WHEN {_FREE} THEN $5 ELSE lease_token END,
       next_at = CASE WHEN {_FREE} THEN now() + make_interval(secs => $6) ELSE next_at END
  FROM heard WHERE orders.id = heard.order_id
RETURNING lease_token = $5
"""  # noqa: S608  # our own fragments

_LOAD = """
SELECT o.id, o.number, o.status, o.step, o.cancel_reason, o.payment_status, o.deadline_at <= now() AS deadline_passed,
       o.news, o.attempts, o.stuck, o.total_amount, o.currency, o.customer_id, o.token_hash, o.email, o.locale,
       o.return_url, o.cart_id, o.payment_method, o.payment_id, o.payment_state, o.payment_url,
       l.variants, l.quantities
  FROM orders AS o CROSS JOIN LATERAL (
       SELECT array_agg(variant_id ORDER BY variant_id) AS variants,
              array_agg(quantity ORDER BY variant_id) AS quantities
         FROM (SELECT variant_id, sum(quantity)::bigint AS quantity
                 FROM order_lines WHERE order_id = o.id GROUP BY variant_id) AS grouped) AS l
 WHERE o.id = $1 AND o.lease_token = $2
"""
