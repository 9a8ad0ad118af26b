"""The statements that show orders. Who may see one is in their WHERE."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from chassis.database import Database


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: staff at all orders, a customer at their own, the holder of a token at that one."""

    staff: bool = False
    customer_id: UUID | None = None
    token_hash: bytes | None = None

    @property
    def who(self) -> str:
        """As the timeline calls them."""
        if self.staff:
            return "staff"
        return "customer" if self.customer_id else "guest"


@dataclass(frozen=True, slots=True)
class Filters:
    """What staff and customers may narrow a list by."""

    status: str | None = None
    payment_status: str | None = None
    number: str | None = None
    email: str | None = None
    stuck: bool | None = None


VISIBLE = """(CASE WHEN $2 THEN true
       ELSE ($3::uuid IS NOT NULL AND customer_id = $3)
         OR ($4::bytea IS NOT NULL AND token_hash = $4 AND token_expires_at > now()) END)"""
"""Whether viewer ($2 staff, $3 customer, $4 hash of the order's token) may see a row of `orders`."""


async def read(db: Database, order_id: UUID, viewer: Viewer) -> asyncpg.Record | None:
    """The order with `lines` and `timeline` as JSON; None when there is none, or not for this viewer."""
    return await db.fetchrow(_READ, order_id, viewer.staff, viewer.customer_id, viewer.token_hash)


async def version(db: Database, order_id: UUID) -> int | None:
    """The order's version: it grows with everything a viewer could notice."""
    number: int | None = await db.fetchval("SELECT version FROM orders WHERE id = $1", order_id)
    return number


async def page(
    db: Database, viewer: Viewer, filters: Filters, *, before: UUID | None, limit: int
) -> list[asyncpg.Record]:
    """At most `limit` orders that the viewer may see, the newest first, older than `before`."""
    conditions, arguments = ["true"], []

    def _when(condition: str, value: Any) -> None:
        if value is not None:
            arguments.append(value)
            conditions.append(condition.format(f"${len(arguments) + 1}"))

    if not viewer.staff:
        _when("customer_id = {}", viewer.customer_id)
    _when("id < {}", before)
    _when("status = {}", filters.status)
    _when("payment_status = {}", filters.payment_status)
    _when("number = {}", filters.number.upper() if filters.number else None)
    _when("lower(email) = {}", filters.email.lower() if filters.email else None)
    if filters.stuck is not None:
        conditions.append("stuck" if filters.stuck else "NOT stuck")
    return await db.fetch(_PAGE.format(" AND ".join(conditions)), limit, *arguments)


_READ = f"""
SELECT orders.*,
  (SELECT jsonb_agg(to_jsonb(line) ORDER BY line.position) FROM order_lines AS line WHERE line.order_id = orders.id)
    AS lines,
  (SELECT jsonb_agg(jsonb_build_object('at', event.at, 'event', event.event, 'who', event.who, 'actor', event.actor)
                    ORDER BY event.id) FROM order_events AS event WHERE event.order_id = orders.id) AS timeline
  FROM orders WHERE id = $1 AND {VISIBLE}
"""  # noqa: S608  # our own fragments

_PAGE = """
SELECT id, number, status, payment_status, fulfillment_status, email, currency, total_amount, stuck, created_at,
       (SELECT sum(quantity) FROM order_lines WHERE order_id = orders.id)::int AS item_count,
       (SELECT jsonb_build_object('name', name, 'image', image) FROM order_lines
         WHERE order_id = orders.id ORDER BY position LIMIT 1) AS first_line
  FROM orders WHERE {} ORDER BY id DESC LIMIT $1
"""
