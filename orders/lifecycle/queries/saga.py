"""The statements that move an order. Each is one decision; each write names the lease that it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg

from chassis.database import Connection, Database
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


class Then(StrEnum):
    """What becomes of the lease with a write."""

    GO_ON = "go_on"
    """Kept: the writer goes on at once."""
    WAIT = "wait"
    """Given up; due again after the pause, or at the deadline."""
    REST = "rest"
    """Given up; nothing is due any more."""
    RETRY = "retry"
    """Given up; due again after the pause, the try counted."""


class Written(StrEnum):
    """What a write did."""

    DONE = "done"
    NEWS = "news"
    """Written; but there was news meanwhile, so the lease is kept: look again."""
    MISSED = "missed"
    """Nothing was written: the lease is lost or the order was moved by somebody else. Look again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One write of the saga: from which state to which, with everything that changes along."""

    lease: Lease
    before: State
    after: State
    payment_status: PaymentStatus
    payment_id: UUID | None
    payment_state: str | None
    payment_url: str | None
    failure: dict[str, Any] | None
    events: Sequence[str]
    seen_news: int
    then: Then
    pause: float
    lease_seconds: float
    deadline_seconds: float | None = None
    error: str | None = None
    stuck: bool = False


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


async def record(connection: Connection | Database, entry: Entry) -> Written:
    """The order is in `after`, with its events, if it was in `before` and the lease is the newest.

    An order that ends without a sale gives its coupon back.
    """
    before, after = entry.before, entry.after
    again = await connection.fetchval(
        _RECORD,
        entry.lease.order_id,
        entry.lease.token,
        before.status.value,
        before.step.value,
        before.reason.value if before.reason else None,
        after.status.value,
        after.step.value,
        after.reason.value if after.reason else None,
        entry.payment_status.value,
        entry.payment_id,
        entry.payment_state,
        entry.payment_url,
        entry.failure,
        entry.deadline_seconds,
        entry.then.value,
        entry.pause,
        entry.lease_seconds,
        entry.seen_news,
        entry.error,
        entry.stuck,
        list(entry.events),
    )
    if again is None:
        return Written.MISSED
    return Written.NEWS if again else Written.DONE


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

_RECORD = """
WITH moved AS (
  UPDATE orders
     SET status = $6, step = $7, cancel_reason = $8, payment_status = $9,
         payment_id = $10, payment_state = $11, payment_url = $12,
         failure = coalesce($13, failure),
         live = live AND $6 IN ('pending', 'canceling'),
         confirmed_at = CASE WHEN $6 = 'confirmed' THEN coalesce(confirmed_at, now()) ELSE confirmed_at END,
         deadline_at = coalesce(now() + make_interval(secs => $14::float8), deadline_at),
         lease_token = CASE WHEN $15 = 'go_on' OR ($15 <> 'retry' AND news <> $18) THEN lease_token END,
         next_at = CASE
           WHEN $15 = 'go_on' OR ($15 <> 'retry' AND news <> $18) THEN now() + make_interval(secs => $17::float8)
           WHEN $15 = 'retry' AND news <> $18 THEN now()
           WHEN $15 = 'retry' THEN now() + make_interval(secs => $16::float8)
           WHEN $15 = 'wait' THEN least(now() + make_interval(secs => $16::float8),
                                        coalesce(now() + make_interval(secs => $14::float8), deadline_at))
           END,
         attempts = CASE WHEN $15 = 'retry' THEN attempts
                         WHEN $15 = 'go_on' OR news <> $18 THEN 1 ELSE 0 END,
         deaths = 0, last_error = $19, stuck = $20,
         version = version + CASE WHEN (status, step, payment_status, stuck) IS DISTINCT FROM ($6, $7, $9, $20)
                                    OR payment_url IS DISTINCT FROM $12 THEN 1 ELSE 0 END,
         updated_at = now()
   WHERE id = $1 AND lease_token = $2 AND status = $3 AND step = $4 AND cancel_reason IS NOT DISTINCT FROM $5
  RETURNING id, $15 IN ('wait', 'rest') AND news <> $18 AS again),
told AS (
  INSERT INTO order_events (order_id, event, who, status, step)
  SELECT moved.id, named.event, 'system', $6, $7
    FROM moved, unnest($21::text[]) WITH ORDINALITY AS named (event, place) ORDER BY named.place),
returned AS (
  UPDATE coupon_redemptions SET state = 'returned'
    FROM moved WHERE order_id = moved.id AND state = 'active' AND $6 IN ('failed', 'expired', 'canceled')
  RETURNING coupon_id),
freed AS (
  UPDATE coupons SET used = used - 1 FROM returned WHERE coupons.id = returned.coupon_id)
SELECT again FROM moved
"""
