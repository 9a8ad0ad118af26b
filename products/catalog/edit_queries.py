"""Editing the catalogue: one statement per step of an edit, all on the connection of the edit's transaction.

Lists of things go in as one JSON parameter, so that a product with 200 variants takes as many round trips as
one with a single variant.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from chassis.database import Connection

_CATEGORY = "SELECT id FROM categories WHERE slug = $1"

_ADD_PRODUCT = """
INSERT INTO products (slug, status, category_id, brand) VALUES ($1, $2, $3, $4)
ON CONFLICT (slug) DO NOTHING RETURNING id
"""
_LOCK_PRODUCT = "SELECT version, status, slug FROM products WHERE id = $1 FOR UPDATE"
_LOCK_STOCK = "SELECT variant_id FROM stock WHERE product_id = $1 ORDER BY variant_id FOR NO KEY UPDATE"
_EDIT_PRODUCT = """
UPDATE products SET slug = $2, status = $3, category_id = $4, brand = $5, version = version + 1, updated_at = now()
 WHERE id = $1
"""
_ARCHIVE_PRODUCT = """
UPDATE products SET status = 'archived', version = version + 1, updated_at = now()
 WHERE id = $1 AND status <> 'archived' RETURNING id
"""

_WRITE_TEXTS = """
INSERT INTO product_translations (product_id, locale, name, description)
SELECT $1, t.locale, t.name, t.description FROM jsonb_to_recordset($2) AS t (locale text, name text, description text)
ON CONFLICT (product_id, locale) DO UPDATE SET name = excluded.name, description = excluded.description
"""
_DROP_OTHER_TEXTS = "DELETE FROM product_translations WHERE product_id = $1 AND locale <> ALL ($2::text[])"

_ADD_OPTIONS = """
INSERT INTO options (code, labels)
SELECT DISTINCT ON (c.option) c.option, jsonb_build_object('en', c.option_label)
  FROM jsonb_to_recordset($1) AS c (option text, option_label text) ORDER BY c.option
ON CONFLICT (code) DO NOTHING
"""
_ADD_VALUES = """
INSERT INTO option_values (option_code, code, labels, position)
SELECT c.option, c.value, jsonb_build_object('en', min(c.value_label)),
       COALESCE((SELECT max(v.position) FROM option_values v WHERE v.option_code = c.option), 0) + min(c.place)
  FROM ROWS FROM (jsonb_to_recordset($1) AS (option text, value text, value_label text))
       WITH ORDINALITY AS c (option, value, value_label, place)
 GROUP BY c.option, c.value ORDER BY c.option, c.value
ON CONFLICT (option_code, code) DO NOTHING
"""
_LABEL_OPTIONS = """
UPDATE options o SET labels = o.labels || l.labels
  FROM jsonb_to_recordset($1) AS l (option text, labels jsonb)
 WHERE o.code = l.option AND NOT o.labels @> l.labels
"""
_LABEL_VALUES = """
UPDATE option_values v SET labels = v.labels || l.labels
  FROM jsonb_to_recordset($1) AS l (option text, value text, labels jsonb)
 WHERE v.option_code = l.option AND v.code = l.value AND NOT v.labels @> l.labels
"""
_SET_PRODUCT_OPTIONS = """
WITH wanted AS (SELECT code, place FROM unnest($2::text[]) WITH ORDINALITY AS w (code, place)),
     gone AS (DELETE FROM product_options WHERE product_id = $1 AND option_code <> ALL ($2))
INSERT INTO product_options (product_id, option_code, position) SELECT $1, code, place FROM wanted
ON CONFLICT (product_id, option_code) DO UPDATE SET position = excluded.position
"""

_TAKEN_SKUS = (
    "SELECT sku FROM variants WHERE sku = ANY ($1) AND status = 'active' AND product_id IS DISTINCT FROM $2"
)
_ARCHIVE_VARIANTS = """
UPDATE variants SET status = 'archived', version = version + 1
 WHERE product_id = $1 AND status = 'active' AND sku <> ALL ($2::text[])
"""
_EDIT_VARIANTS = """
WITH given AS (
  SELECT * FROM jsonb_to_recordset($2)
      AS g (sku text, barcode text, tax_class text, weight_grams bigint, position bigint)
), matched AS (
  SELECT DISTINCT ON (v.sku) v.id, g.barcode, g.tax_class, g.weight_grams, g.position
    FROM variants v JOIN given g ON g.sku = v.sku
   WHERE v.product_id = $1 ORDER BY v.sku, (v.status = 'active') DESC, v.id DESC
)
UPDATE variants v
   SET status = 'active', barcode = m.barcode, tax_class = m.tax_class, weight_grams = m.weight_grams,
       position = m.position, version = v.version + 1
  FROM matched m WHERE v.id = m.id
"""
_ADD_VARIANTS = """
INSERT INTO variants (product_id, sku, barcode, tax_class, weight_grams, position)
SELECT $1, g.sku, g.barcode, g.tax_class, g.weight_grams, g.position
  FROM jsonb_to_recordset($2) AS g (sku text, barcode text, tax_class text, weight_grams bigint, position bigint)
 WHERE NOT EXISTS (SELECT FROM variants v WHERE v.product_id = $1 AND v.sku = g.sku AND v.status = 'active')
"""
_ADD_STOCK = """
INSERT INTO stock (variant_id, product_id, backorder)
SELECT v.id, v.product_id, g.backorder
  FROM variants v JOIN jsonb_to_recordset($2) AS g (sku text, backorder boolean) ON g.sku = v.sku
 WHERE v.product_id = $1 AND v.status = 'active'
ON CONFLICT (variant_id) DO NOTHING
"""
_SET_BACKORDER = """
SELECT set_backorder(s.variant_id, g.backorder, $3)
  FROM stock s
  JOIN variants v ON v.id = s.variant_id AND v.status = 'active'
  JOIN jsonb_to_recordset($2) AS g (sku text, backorder boolean) ON g.sku = v.sku AND g.backorder <> s.backorder
 WHERE s.product_id = $1
"""
_SET_CHOICES = """
WITH given AS (
  SELECT v.id, c.option, c.value
    FROM jsonb_to_recordset($2) AS g (sku text, choices jsonb)
    JOIN variants v ON v.sku = g.sku AND v.product_id = $1 AND v.status = 'active'
   CROSS JOIN LATERAL jsonb_to_recordset(g.choices) AS c (option text, value text)
), gone AS (
  DELETE FROM variant_values x USING variants v
   WHERE x.variant_id = v.id AND v.product_id = $1 AND v.status = 'active'
     AND NOT EXISTS (SELECT FROM given g WHERE g.id = x.variant_id AND g.option = x.option_code)
)
INSERT INTO variant_values (variant_id, option_code, value_code) SELECT id, option, value FROM given
ON CONFLICT (variant_id, option_code) DO UPDATE SET value_code = excluded.value_code
"""
_SET_PRICES = """
INSERT INTO prices (variant_id, currency, amount, compare_at_amount)
SELECT v.id, $3, g.amount, g.compare_at_amount
  FROM jsonb_to_recordset($2) AS g (sku text, amount bigint, compare_at_amount bigint)
  JOIN variants v ON v.sku = g.sku AND v.product_id = $1 AND v.status = 'active'
ON CONFLICT (variant_id, currency) DO UPDATE
   SET amount = excluded.amount, compare_at_amount = excluded.compare_at_amount
"""
_STOCK_INITIALLY = """
SELECT move_stock('initial', 'product', $1, $3, '', array_agg(v.id), array_agg(g.stock),
                  array_agg(0::bigint), array_agg(0::bigint))
  FROM jsonb_to_recordset($2) AS g (sku text, stock bigint)
  JOIN variants v ON v.sku = g.sku AND v.product_id = $1 AND v.status = 'active'
 WHERE g.stock > 0
HAVING count(*) > 0
"""
_REFRESH = "SELECT refresh_listings($1)"

Rows = Sequence[dict[str, Any]]
"""What one JSON parameter holds: objects with the keys that its statement names."""


async def category_id(connection: Connection, slug: str) -> UUID | None:
    """The category's id, None when there is none."""
    found: UUID | None = await connection.fetchval(_CATEGORY, slug)
    return found


async def add_product(
    connection: Connection, *, slug: str, status: str, category: UUID | None, brand: str | None
) -> UUID | None:
    """The new product's id; None when the slug is taken."""
    added: UUID | None = await connection.fetchval(_ADD_PRODUCT, slug, status, category, brand)
    return added


async def lock_product(connection: Connection, product_id: UUID) -> asyncpg.Record | None:
    """The product (version, status, slug) is ours until the transaction ends, and its stock does not move."""
    row = await connection.fetchrow(_LOCK_PRODUCT, product_id)
    await connection.execute(_LOCK_STOCK, product_id)
    return row


async def edit_product(
    connection: Connection,
    product_id: UUID,
    *,
    slug: str,
    status: str,
    category: UUID | None,
    brand: str | None,
) -> None:
    """The product's own fields are these, its version is the next one. Raises asyncpg.UniqueViolationError (slug)."""
    await connection.execute(_EDIT_PRODUCT, product_id, slug, status, category, brand)


async def archive_product(connection: Connection, product_id: UUID) -> bool:
    """The product and its variants are archived; whether it was not already."""
    changed = await connection.fetchval(_ARCHIVE_PRODUCT, product_id)
    await connection.execute(_ARCHIVE_VARIANTS, product_id, [])
    return changed is not None


async def write_texts(connection: Connection, product_id: UUID, texts: Rows) -> None:
    """The texts (`locale`, `name`, `description`) are written; other locales stay."""
    await connection.execute(_WRITE_TEXTS, product_id, list(texts))


async def drop_other_texts(connection: Connection, product_id: UUID, locales: Sequence[str]) -> None:
    """Only these locales have texts."""
    await connection.execute(_DROP_OTHER_TEXTS, product_id, locales)


async def set_options(connection: Connection, product_id: UUID, codes: Sequence[str], choices: Rows) -> None:
    """The product has exactly these axes in this order; axes and values of `choices` exist in the shop."""
    if choices:
        await connection.execute(_ADD_OPTIONS, choices)
        await connection.execute(_ADD_VALUES, choices)
    await connection.execute(_SET_PRODUCT_OPTIONS, product_id, codes)


async def label(connection: Connection, *, options: Rows, values: Rows) -> None:
    """Axes (`option`, `labels`) and values (`option`, `value`, `labels`) have these labels too."""
    if options:
        await connection.execute(_LABEL_OPTIONS, options)
    if values:
        await connection.execute(_LABEL_VALUES, values)


async def taken_skus(connection: Connection, skus: Sequence[str], *, besides: UUID | None) -> set[str]:
    """Which of `skus` a live variant of another product has."""
    return {row["sku"] for row in await connection.fetch(_TAKEN_SKUS, skus, besides)}


async def write_variants(
    connection: Connection, product_id: UUID, variants: Rows, *, currency: str, actor: str
) -> None:
    """The product's live variants are exactly `variants`, matched by sku; others are archived.

    Each: `sku`, `barcode`, `tax_class`, `weight_grams`, `position`, `backorder`, `amount`, `compare_at_amount`,
    `choices` (`option`, `value` each). Raises asyncpg.UniqueViolationError when another product has a sku.
    """
    await connection.execute(_ARCHIVE_VARIANTS, product_id, [variant["sku"] for variant in variants])
    await connection.execute(_EDIT_VARIANTS, product_id, variants)
    await connection.execute(_ADD_VARIANTS, product_id, variants)
    await connection.execute(_ADD_STOCK, product_id, variants)
    await connection.execute(_SET_BACKORDER, product_id, variants, actor)
    await connection.execute(_SET_CHOICES, product_id, variants)
    await connection.execute(_SET_PRICES, product_id, variants, currency)


async def stock_initially(connection: Connection, product_id: UUID, variants: Rows, *, actor: str) -> None:
    """What is on hand of each new variant (`sku`, `stock`) is counted in."""
    await connection.execute(_STOCK_INITIALLY, product_id, variants, actor)


async def refresh_listings(connection: Connection, product_id: UUID) -> None:
    """Lists and search show the product as it is now. The last step of every edit."""
    await connection.execute(_REFRESH, [product_id])
