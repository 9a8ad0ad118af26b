"""What other services do: merge a guest's cart into a customer's, take out what was ordered.

Each is a transaction of several statements, so that the ones after the lock see what was committed before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cart.contents import MOST_PIECES
from cart.queries.rows import Executor
from chassis.database import Connection


@dataclass(frozen=True, slots=True)
class Moved:
    """One line that came over: `quantity` pieces of the guest's, after which the customer's cart has `in_cart`."""

    variant_id: UUID
    sku: str
    quantity: int
    in_cart: int


@dataclass(frozen=True, slots=True)
class RecordedMerge:
    """A merge done before."""

    fingerprint: bytes
    receipt: Mapping[str, Any]


async def record_merge(connection: Connection, merge_id: UUID, fingerprint: bytes) -> bool:
    """The merge is ours to do, whoever else asks for it waits for us; False when it was done before."""
    mine = await connection.fetchval(
        "INSERT INTO merges (id, fingerprint) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true",
        merge_id,
        fingerprint,
    )
    return mine is not None


async def merge_receipt(connection: Connection, merge_id: UUID) -> RecordedMerge | None:
    """What was recorded under this id; None when nothing is (any more)."""
    row = await connection.fetchrow("SELECT fingerprint, receipt FROM merges WHERE id = $1", merge_id)
    return RecordedMerge(row["fingerprint"], row["receipt"]) if row is not None else None


async def record_receipt(connection: Connection, merge_id: UUID, receipt: Mapping[str, Any]) -> None:
    """The merge that is ours has this receipt."""
    await connection.execute("UPDATE merges SET receipt = $2 WHERE id = $1", merge_id, receipt)


async def guest_cart_id(connection: Connection, secret_hash: bytes) -> UUID | None:
    """The open cart that this secret opens; None when there is none."""
    found: UUID | None = await connection.fetchval(
        "SELECT id FROM carts WHERE secret_hash = $1 AND merged_into IS NULL", secret_hash
    )
    return found


async def ensure_customer_cart(connection: Connection, customer_id: UUID) -> None:
    """The customer has a cart."""
    await connection.execute(
        "INSERT INTO carts (customer_id) VALUES ($1) ON CONFLICT (customer_id) DO NOTHING", customer_id
    )


async def lock_carts(
    connection: Connection, *, guest_cart: UUID | None, customer_id: UUID
) -> tuple[UUID | None, UUID | None]:
    """Both carts are locked, in the order of their ids; (guest's if it is still open, customer's)."""
    rows = await connection.fetch(
        """
        SELECT id, customer_id, merged_into FROM carts WHERE id = $1 OR customer_id = $2
         ORDER BY id
           FOR UPDATE
        """,
        guest_cart,
        customer_id,
    )
    guests = [row["id"] for row in rows if row["customer_id"] is None and row["merged_into"] is None]
    customers = [row["id"] for row in rows if row["customer_id"] is not None]
    return next(iter(guests), None), next(iter(customers), None)


async def bring_over(connection: Connection, *, guest_cart: UUID, customer_cart: UUID) -> list[Moved]:
    """The guest's lines are the customer's, sums at most 999; each of them, in the order they were added."""
    rows = await connection.fetch(
        """
        WITH taken AS (
            DELETE FROM cart_lines WHERE cart_id = $1 RETURNING id, variant_id, sku, quantity
        )
        INSERT INTO cart_lines (cart_id, variant_id, sku, quantity)
        SELECT $2, variant_id, sku, quantity FROM taken ORDER BY id
        ON CONFLICT (cart_id, variant_id) DO UPDATE
           SET quantity = least(cart_lines.quantity + excluded.quantity, $3)
        RETURNING variant_id, sku, new.quantity - coalesce(old.quantity, 0) AS quantity, quantity AS in_cart
        """,
        guest_cart,
        customer_cart,
        MOST_PIECES,
    )
    return [Moved(row["variant_id"], row["sku"], row["quantity"], row["in_cart"]) for row in rows]


async def close_merged(connection: Connection, *, guest_cart: UUID, customer_cart: UUID) -> None:
    """The guest's secret opens nothing any more; the customer's cart is a version on, with the guest's note if it had none."""
    await connection.execute(
        """
        WITH guest AS (
            SELECT note FROM carts WHERE id = $1
        ), closed AS (
            UPDATE carts SET merged_into = $2, version = version + 1, updated_at = now(), note = ''
             WHERE id = $1 AND merged_into IS NULL
        )
        UPDATE carts SET version = version + 1, updated_at = now(),
               note = CASE WHEN carts.note = '' THEN guest.note ELSE carts.note END
          FROM guest
         WHERE carts.id = $2
        """,
        guest_cart,
        customer_cart,
    )


async def where_it_went(on: Executor, cart_id: UUID) -> UUID:
    """The cart that this cart went into, for good; itself when it did not (or is not there any more)."""
    went: UUID | None = await on.fetchval("SELECT merged_into FROM carts WHERE id = $1", cart_id)
    return went or cart_id


async def record_ordered(
    connection: Connection, *, order_id: UUID, cart_id: UUID, fingerprint: bytes
) -> bool:
    """The order is ours to take out, whoever else tries waits for us; False when it was taken out before."""
    mine = await connection.fetchval(
        """
        INSERT INTO ordered (order_id, cart_id, fingerprint) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING
        RETURNING true
        """,
        order_id,
        cart_id,
        fingerprint,
    )
    return mine is not None


async def same_order(connection: Connection, *, order_id: UUID, fingerprint: bytes) -> bool:
    """Whether the order was taken out with the very same lines."""
    same: bool | None = await connection.fetchval(
        "SELECT fingerprint = $2 FROM ordered WHERE order_id = $1", order_id, fingerprint
    )
    return bool(same)


async def touch_open_cart(connection: Connection, cart_id: UUID) -> bool:
    """The cart is locked and a version on, its note gone with the order; whether it is there and open."""
    touched = await connection.fetchval(
        """
        UPDATE carts SET version = version + 1, updated_at = now(), note = ''
         WHERE id = $1 AND merged_into IS NULL
        RETURNING true
        """,
        cart_id,
    )
    return touched is not None


async def subtract(connection: Connection, *, cart_id: UUID, pieces: Sequence[tuple[UUID, int]]) -> None:
    """The cart (locked) has so many pieces fewer of each variant; lines that would have none are gone."""
    await connection.execute(
        """
        WITH ordered AS (
            SELECT variant_id, sum(quantity) AS quantity
              FROM unnest($2::uuid[], $3::int[]) AS line (variant_id, quantity)
             GROUP BY variant_id
        ), gone AS (
            DELETE FROM cart_lines l USING ordered o
             WHERE l.cart_id = $1 AND l.variant_id = o.variant_id AND l.quantity <= o.quantity
        )
        UPDATE cart_lines l SET quantity = l.quantity - o.quantity FROM ordered o
         WHERE l.cart_id = $1 AND l.variant_id = o.variant_id AND l.quantity > o.quantity
        """,
        cart_id,
        [variant_id for variant_id, _ in pieces],
        [quantity for _, quantity in pieces],
    )
