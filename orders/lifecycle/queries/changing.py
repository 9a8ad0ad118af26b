"""The statements by which people change an order. Who may, and when, is in their WHERE."""

from typing import Any
from uuid import UUID

from chassis.database import Database
from orders.lifecycle.queries.reading import VISIBLE, Viewer
from orders.lifecycle.queries.saga import Lease
from orders.lifecycle.states import Reason


async def ask_to_cancel(
    db: Database, lease: Lease, viewer: Viewer, *, reason: Reason, actor: str | None, lease_seconds: float
) -> bool | None:
    """The order is `canceling` if it may be; whether the caller holds `lease` to go on with it.

    None: nothing was changed, because the viewer may not, or the order is not one that can be canceled (any more).
    """
    ours: bool | None = await db.fetchval(
        _CANCEL,
        lease.order_id,
        viewer.staff,
        viewer.customer_id,
        viewer.token_hash,
        reason.value,
        lease.token,
        lease_seconds,
        viewer.who,
        actor,
    )
    return ours


async def edit(
    db: Database,
    order_id: UUID,
    viewer: Viewer,
    *,
    expected_version: int | None,
    shipping_address: dict[str, Any],
    billing_address: dict[str, Any] | None,
    note: str,
    actor: str | None,
) -> bool:
    """The addresses and the note are these, with an event; false when nothing was changed.

    Only while the order is pending or confirmed, unfulfilled, at the expected version (None: any), and the
    country of delivery, which its totals are made for, stays.
    """
    edited = await db.fetchval(
        _EDIT,
        order_id,
        viewer.staff,
        viewer.customer_id,
        viewer.token_hash,
        expected_version,
        shipping_address,
        billing_address,
        note,
        viewer.who,
        actor,
    )
    return bool(edited)


_CANCEL = f"""
WITH moved AS (
  UPDATE orders
     SET status = 'canceling', cancel_reason = $5, news = news + 1, version = version + 1, updated_at = now(),
         attempts = CASE WHEN lease_token IS NULL OR next_at <= now() THEN 1 ELSE attempts END,
         lease_token = CASE WHEN lease_token IS NULL OR next_at <= now() THEN $6 ELSE lease_token END,
         next_at = CASE WHEN lease_token IS NULL OR next_at <= now()
                        THEN now() + make_interval(secs => $7) ELSE next_at END
   WHERE id = $1 AND {VISIBLE} AND fulfillment_status = 'unfulfilled'
     AND (status IN ('pending', 'confirmed') OR (status = 'canceling' AND cancel_reason = 'deadline'))
  RETURNING id, status, step, lease_token = $6 AS ours),
told AS (
  INSERT INTO order_events (order_id, event, who, actor, status, step)
  SELECT id, 'order.cancel_requested', $8, $9, status, step FROM moved)
SELECT ours FROM moved
"""  # noqa: S608  # our own fragments

_EDIT = f"""
WITH edited AS (
  UPDATE orders
     SET shipping_address = $6, billing_address = $7, note = $8, version = version + 1, updated_at = now()
   WHERE id = $1 AND {VISIBLE} AND fulfillment_status = 'unfulfilled' AND status IN ('pending', 'confirmed')
     AND ($5::bigint IS NULL OR version = $5) AND shipping_address->>'country' = $6::jsonb->>'country'
  RETURNING id, status, step),
told AS (
  INSERT INTO order_events (order_id, event, who, actor, status, step)
  SELECT id, 'order.edited', $9, $10, status, step FROM edited)
SELECT true FROM edited
"""  # noqa: S608  # our own fragments
