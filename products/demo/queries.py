"""The statements that put a catalogue into empty tables, one per table, for `executemany`."""

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Connection

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('products.demo'))"
_IN_USE = "SELECT EXISTS (SELECT FROM products) OR EXISTS (SELECT FROM categories)"

CATEGORY = "INSERT INTO categories (id, parent_id, slug, names, position) VALUES ($1, $2, $3, $4, $5)"
OPTION = "INSERT INTO options (code, labels) VALUES ($1, $2) ON CONFLICT (code) DO NOTHING"
OPTION_VALUE = """
INSERT INTO option_values (option_code, code, labels, position) VALUES ($1, $2, $3, $4)
ON CONFLICT (option_code, code) DO NOTHING
"""
PRODUCT = """
INSERT INTO products (id, slug, category_id, popularity, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
"""
TRANSLATION = """
INSERT INTO product_translations (product_id, locale, name, description) VALUES ($1, $2, $3, $4)
"""
PRODUCT_OPTION = "INSERT INTO product_options (product_id, option_code, position) VALUES ($1, $2, $3)"
VARIANT = """
INSERT INTO variants (id, product_id, sku, barcode, tax_class, weight_grams, position, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
VARIANT_VALUE = "INSERT INTO variant_values (variant_id, option_code, value_code) VALUES ($1, $2, $3)"
PRICE = "INSERT INTO prices (variant_id, currency, amount, compare_at_amount) VALUES ($1, $2, $3, $4)"
PICTURE = """
INSERT INTO pictures (product_id, variant_id, position, url, alts, width, height)
VALUES ($1, $2, $3, $4, $5, $6, $6)
"""
STOCK = "INSERT INTO stock (variant_id, product_id) VALUES ($1, $2)"

_RECEIVE = """
SELECT move_stock('initial', 'import', $1, '', 'demo catalogue', $2::uuid[], $3::bigint[],
                  array_fill(0::bigint, ARRAY[cardinality($2::uuid[])]),
                  array_fill(0::bigint, ARRAY[cardinality($2::uuid[])]))
"""
_REFRESH = "SELECT refresh_listings($1)"


async def lock_empty(connection: Connection) -> bool:
    """Whether the catalogue is empty; nobody else loads the demo until this transaction ends."""
    await connection.execute(_LOCK)
    return not await connection.fetchval(_IN_USE)


async def receive(
    connection: Connection, *, cause_id: UUID, variants: Sequence[UUID], quantities: Sequence[int]
) -> None:
    """So many of each variant are on hand, and one `initial` movement each says why."""
    await connection.execute(_RECEIVE, cause_id, variants, quantities)


async def refresh(connection: Connection, products: Sequence[UUID]) -> None:
    """Lists and search show these products."""
    await connection.execute(_REFRESH, products)
