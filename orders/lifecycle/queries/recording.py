"""The one statement that moves an order. It names the lease that it holds and the state that it began from."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from chassis.database import Connection, Database
from orders.lifecycle.queries.saga import Lease
from orders.lifecycle.states import PaymentStatus, State


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
