"""Stock: each decision is one statement, taken by a SQL function of the migrations under row locks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from chassis.database import Connection, Database
from products.inventory.errors import OUT_OF_STOCK, OutOfStock, StockBelowZero

_RESERVE = """
SELECT state, same_body, lines FROM reserve_stock($1, $2::uuid[], $3::bigint[], $4, $5)
"""
_COMMIT = "SELECT state, reserved_lines($1) AS lines FROM commit_reservation($1) AS c (state)"
_RELEASE = "SELECT state, reserved_lines($1) AS lines FROM release_reservation($1, $2) AS r (state)"
_OVERDUE = """
SELECT order_id FROM reservations
 WHERE state = 'held' AND expires_at < now() - make_interval(secs => $1) ORDER BY expires_at LIMIT $2
"""
_EXPIRE = "SELECT expire_reservation($1, $2)"
_ADJUST = """
SELECT move_stock('adjust', 'staff', $1, $2, $3, ARRAY[$4::uuid], ARRAY[$5::bigint], ARRAY[0::bigint], ARRAY[0::bigint])
"""
_STOCK = """
SELECT v.id AS variant_id, v.sku, v.product_id, s.on_hand, s.held, s.allocated, s.shortage, s.available, s.backorder,
       s.version
  FROM variants v JOIN stock s ON s.variant_id = v.id
 WHERE v.sku = $1 ORDER BY (v.status = 'active') DESC, v.id DESC LIMIT 1
"""
_MOVEMENTS = """
SELECT id, kind, cause, cause_id, actor, reason, change_on_hand, change_held, change_allocated, change_shortage,
       on_hand_after, held_after, allocated_after, shortage_after, at
  FROM stock_movements WHERE variant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3
"""
NEWEST = 2**63 - 1


async def reserve(
    db: Database,
    order_id: UUID,
    *,
    variants: Sequence[UUID],
    quantities: Sequence[int],
    seconds: int,
    body_hash: bytes,
) -> asyncpg.Record:
    """The order holds all of it, or nothing happened: `state` and `lines` of its reservation as it is now,
    and whether it was made by the `same_body`.

    Each variant once. Repeating is safe. Raises OutOfStock.
    """
    return await _decided(db, _RESERVE, order_id, variants, quantities, seconds, body_hash)


async def commit(db: Database, order_id: UUID) -> asyncpg.Record:
    """What was held is allocated, what had expired is taken anew: `state` (None for an unknown order) and `lines`.

    Repeating is safe. Raises OutOfStock.
    """
    return await _decided(db, _COMMIT, order_id)


async def release(db: Database, order_id: UUID, *, reason: str) -> asyncpg.Record:
    """The order holds nothing any more, an unknown one leaves a tombstone: `state` and `lines`. Repeating is safe."""
    return await _decided(db, _RELEASE, order_id, reason)


async def overdue(db: Database, *, grace_seconds: int, limit: int) -> list[UUID]:
    """Orders whose hold expired longer than the grace ago, the oldest first."""
    return [row["order_id"] for row in await db.fetch(_OVERDUE, grace_seconds, limit)]


async def expire(db: Database, order_id: UUID, *, grace_seconds: int) -> bool:
    """Whether the hold was still there and overdue, and so is given back now."""
    expired: bool = await db.fetchval(_EXPIRE, order_id, grace_seconds)
    return expired


async def adjust(
    connection: Connection, variant_id: UUID, *, delta: int, cause_id: UUID, actor: str, reason: str
) -> None:
    """`delta` more (or fewer) are on hand; promises that are no longer covered count as shortage.

    Raises StockBelowZero.
    """
    try:
        await connection.execute(_ADJUST, cause_id, actor, reason, variant_id, delta)
    except asyncpg.CheckViolationError as error:
        raise StockBelowZero from error


async def stock_of(reader: Database | Connection, sku: str) -> asyncpg.Record | None:
    """The counters of the live variant called so, else of the newest archived one."""
    return await reader.fetchrow(_STOCK, sku)


async def movements(
    reader: Database | Connection, variant_id: UUID, *, before: int, limit: int
) -> list[asyncpg.Record]:
    """Up to `limit` movements older than the one called `before`, the newest first."""
    return await reader.fetch(_MOVEMENTS, variant_id, before, limit)


async def _decided(db: Database, statement: str, *arguments: Any) -> asyncpg.Record:
    """The one row that a stock function answers. Raises OutOfStock for the functions' own error."""
    try:
        row = await db.fetchrow(statement, *arguments)
    except asyncpg.PostgresError as error:
        if error.sqlstate != OUT_OF_STOCK:
            raise
        raise OutOfStock(error.detail or "[]") from error
    if row is None:
        raise RuntimeError("a stock function answered no row")
    return row
