"""What shoppers do to their carts."""

from uuid import UUID

from cart.contents import MOST_LINES, MOST_PIECES, Cart
from cart.queries.rows import Executor, cart_from
from cart.shoppers import Shopper


async def find_cart(on: Executor, shopper: Shopper) -> Cart | None:
    """The shopper's open cart with its lines, all as of one moment; None when there is none."""
    rows = await on.fetch(
        """
        SELECT c.id, c.version, c.customer_id, c.note, l.id AS line_id, l.variant_id, l.sku, l.quantity
          FROM carts c LEFT JOIN cart_lines l ON l.cart_id = c.id
         WHERE c.merged_into IS NULL AND (c.customer_id = $1 OR c.secret_hash = $2)
         ORDER BY l.id
        """,
        shopper.customer_id,
        shopper.secret_hash,
    )
    return cart_from(rows)


async def open_cart(on: Executor, cart_id: UUID, shopper: Shopper) -> Cart | None:
    """This cart with its lines, if it is open and the shopper's; else None."""
    rows = await on.fetch(
        """
        SELECT c.id, c.version, c.customer_id, c.note, l.id AS line_id, l.variant_id, l.sku, l.quantity
          FROM carts c LEFT JOIN cart_lines l ON l.cart_id = c.id
         WHERE c.id = $1 AND c.merged_into IS NULL AND (c.customer_id = $2 OR c.secret_hash = $3)
         ORDER BY l.id
        """,
        cart_id,
        shopper.customer_id,
        shopper.secret_hash,
    )
    return cart_from(rows)


async def create_cart(
    on: Executor, shopper: Shopper, *, variant_id: UUID, sku: str, quantity: int
) -> Cart | None:
    """A new cart of the shopper with this one line; None when the customer has a cart already."""
    rows = await on.fetch(
        """
        WITH cart AS (
            INSERT INTO carts (customer_id, secret_hash) VALUES ($1, $2)
            ON CONFLICT (customer_id) DO NOTHING
            RETURNING id, version, customer_id, note
        ), line AS (
            INSERT INTO cart_lines (cart_id, variant_id, sku, quantity) SELECT id, $3, $4, $5 FROM cart
            RETURNING id AS line_id, variant_id, sku, quantity
        )
        SELECT * FROM cart CROSS JOIN line
        """,
        shopper.customer_id,
        shopper.secret_hash,
        variant_id,
        sku,
        quantity,
    )
    return cart_from(rows)


async def add_line(
    on: Executor,
    shopper: Shopper,
    *,
    variant_id: UUID,
    sku: str,
    quantity: int,
    expected_version: int | None,
) -> bool:
    """The shopper's cart has so many pieces more of the variant, at most 999; whether it could be done.

    Not for a cart that is full. (Adds at the very same moment may exceed that limit by as many as they are:
    it keeps carts small, nothing depends on its exactness.)
    """
    added = await on.fetchval(
        """
        WITH cart AS (
            UPDATE carts SET version = version + 1, updated_at = now()
             WHERE merged_into IS NULL AND (customer_id = $1 OR secret_hash = $2)
               AND ($3::bigint IS NULL OR version = $3)
               AND (SELECT count(*) FROM cart_lines WHERE cart_id = carts.id AND variant_id <> $4) < $7
            RETURNING id
        )
        INSERT INTO cart_lines (cart_id, variant_id, sku, quantity) SELECT id, $4, $5, $6 FROM cart
        ON CONFLICT (cart_id, variant_id) DO UPDATE
           SET quantity = least(cart_lines.quantity + excluded.quantity, $8), sku = excluded.sku
        RETURNING true
        """,
        shopper.customer_id,
        shopper.secret_hash,
        expected_version,
        variant_id,
        sku,
        quantity,
        MOST_LINES,
        MOST_PIECES,
    )
    return added is not None


async def set_quantity(
    on: Executor, shopper: Shopper, line_id: UUID, *, quantity: int, expected_version: int | None
) -> bool:
    """The line of the shopper's cart has this many pieces; whether there is such a line."""
    changed = await on.fetchval(
        """
        WITH cart AS (
            SELECT id FROM carts
             WHERE merged_into IS NULL AND (customer_id = $1 OR secret_hash = $2)
               AND ($3::bigint IS NULL OR version = $3)
               FOR UPDATE
        ), line AS (
            UPDATE cart_lines SET quantity = $5 FROM cart
             WHERE cart_lines.cart_id = cart.id AND cart_lines.id = $4
            RETURNING cart_id
        )
        UPDATE carts SET version = version + 1, updated_at = now() FROM line WHERE carts.id = line.cart_id
        RETURNING true
        """,
        shopper.customer_id,
        shopper.secret_hash,
        expected_version,
        line_id,
        quantity,
    )
    return changed is not None


async def remove_line(on: Executor, shopper: Shopper, line_id: UUID, *, expected_version: int | None) -> bool:
    """The shopper's cart does not have this line any more; whether it had it."""
    changed = await on.fetchval(
        """
        WITH cart AS (
            SELECT id FROM carts
             WHERE merged_into IS NULL AND (customer_id = $1 OR secret_hash = $2)
               AND ($3::bigint IS NULL OR version = $3)
               FOR UPDATE
        ), line AS (
            DELETE FROM cart_lines USING cart
             WHERE cart_lines.cart_id = cart.id AND cart_lines.id = $4
            RETURNING cart_id
        )
        UPDATE carts SET version = version + 1, updated_at = now() FROM line WHERE carts.id = line.cart_id
        RETURNING true
        """,
        shopper.customer_id,
        shopper.secret_hash,
        expected_version,
        line_id,
    )
    return changed is not None


async def empty_cart(on: Executor, shopper: Shopper, *, expected_version: int | None) -> bool:
    """The shopper's cart has neither lines nor note; whether there is a cart.

    A line that another request adds in this very moment may survive.
    """
    changed = await on.fetchval(
        """
        WITH cart AS (
            UPDATE carts SET version = version + 1, updated_at = now(), note = ''
             WHERE merged_into IS NULL AND (customer_id = $1 OR secret_hash = $2)
               AND ($3::bigint IS NULL OR version = $3)
            RETURNING id
        ), lines AS (
            DELETE FROM cart_lines USING cart WHERE cart_lines.cart_id = cart.id
        )
        SELECT true FROM cart
        """,
        shopper.customer_id,
        shopper.secret_hash,
        expected_version,
    )
    return changed is not None


async def set_note(on: Executor, shopper: Shopper, *, note: str, expected_version: int | None) -> bool:
    """The shopper's cart has this note; whether there is a cart."""
    changed = await on.fetchval(
        """
        UPDATE carts SET version = version + 1, updated_at = now(), note = $4
         WHERE merged_into IS NULL AND (customer_id = $1 OR secret_hash = $2)
           AND ($3::bigint IS NULL OR version = $3)
        RETURNING true
        """,
        shopper.customer_id,
        shopper.secret_hash,
        expected_version,
        note,
    )
    return changed is not None
