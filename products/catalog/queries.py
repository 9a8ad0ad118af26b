"""Reading the catalogue: one statement per question."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from chassis.database import Connection, Database
from chassis.schemas import Locale

Reader = Database | Connection

_PRODUCT = """
SELECT p.id, p.slug, p.status, p.brand, p.version, p.created_at, p.updated_at, c.slug AS category,
       (SELECT jsonb_object_agg(t.locale, jsonb_build_object('name', t.name, 'description', t.description))
          FROM product_translations t WHERE t.product_id = p.id) AS texts,
       (SELECT json_agg(COALESCE(o.labels ->> $2, o.labels ->> 'en') ORDER BY po.position)
          FROM product_options po JOIN options o ON o.code = po.option_code
         WHERE po.product_id = p.id) AS options,
       (SELECT json_agg(json_build_object(
                 'id', v.id, 'sku', v.sku, 'barcode', v.barcode, 'tax_class', v.tax_class,
                 'weight_grams', v.weight_grams, 'available', s.available, 'backorder', s.backorder,
                 'amount', m.amount, 'compare_at_amount', m.compare_at_amount,
                 'options', (SELECT json_object_agg(COALESCE(o.labels ->> $2, o.labels ->> 'en'),
                                                    COALESCE(w.labels ->> $2, w.labels ->> 'en') ORDER BY po.position)
                               FROM variant_values c
                               JOIN options o ON o.code = c.option_code
                               JOIN option_values w ON w.option_code = c.option_code AND w.code = c.value_code
                               JOIN product_options po ON po.product_id = p.id AND po.option_code = c.option_code
                              WHERE c.variant_id = v.id))
               ORDER BY v.position, v.id)
          FROM variants v
          JOIN stock s ON s.variant_id = v.id
          LEFT JOIN prices m ON m.variant_id = v.id AND m.currency = $3
         WHERE v.product_id = p.id AND (v.status = 'active' OR p.status = 'archived')) AS variants,
       (SELECT json_agg(json_build_object('url', i.url, 'width', i.width, 'height', i.height,
                                          'alt', COALESCE(i.alts ->> $2, i.alts ->> 'en', ''), 'skus', i.skus)
               ORDER BY i.position, i.url)
          FROM (SELECT i.url, max(i.width) AS width, max(i.height) AS height, min(i.position) AS position,
                       (array_agg(i.alts ORDER BY i.position, i.id))[1] AS alts,
                       CASE WHEN bool_or(i.variant_id IS NULL) THEN '{}'
                            ELSE array_agg(v.sku ORDER BY v.position, v.id) END AS skus
                  FROM pictures i LEFT JOIN variants v ON v.id = i.variant_id
                 WHERE i.product_id = p.id AND (v.id IS NULL OR v.status = 'active' OR p.status = 'archived')
                 GROUP BY i.url) i) AS images,
       (SELECT COALESCE(sum(s.version), 0)::bigint FROM stock s WHERE s.product_id = p.id) AS stock_version
  FROM products p LEFT JOIN categories c ON c.id = p.category_id
"""
_PRODUCT_BY_ID = _PRODUCT + " WHERE p.id = $1"
_PRODUCT_BY_SLUG = _PRODUCT + " WHERE p.slug = $1"

_CATEGORIES = """
SELECT id, parent_id, slug, COALESCE(names ->> $1, names ->> 'en') AS name
  FROM categories ORDER BY position, slug
"""

_OFFERS = """
SELECT asked.place::int - 1 AS place, v.id AS variant_id, v.sku, v.version, v.tax_class, v.weight_grams, p.id AS product_id, p.slug,
       COALESCE(here.name, t.name) AS name,
       m.amount, m.compare_at_amount, s.available, s.backorder,
       v.status = 'active' AND p.status = 'active' AND m.amount IS NOT NULL AS sellable,
       (SELECT json_object_agg(COALESCE(o.labels ->> $4, o.labels ->> 'en'), COALESCE(w.labels ->> $4, w.labels ->> 'en')
                               ORDER BY po.position)
          FROM variant_values c
          JOIN options o ON o.code = c.option_code
          JOIN option_values w ON w.option_code = c.option_code AND w.code = c.value_code
          LEFT JOIN product_options po ON po.product_id = p.id AND po.option_code = c.option_code
         WHERE c.variant_id = v.id) AS options,
       (SELECT json_build_object('url', i.url, 'width', i.width, 'height', i.height,
                                 'alt', COALESCE(i.alts ->> $4, i.alts ->> 'en', ''))
          FROM pictures i WHERE i.product_id = p.id AND (i.variant_id = v.id OR i.variant_id IS NULL)
         ORDER BY i.variant_id NULLS LAST, i.position, i.id LIMIT 1) AS image
  FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS asked (id, sku, place)
  JOIN variants v ON v.id = asked.id OR (v.sku = asked.sku AND v.status = 'active')
  JOIN products p ON p.id = v.product_id
  JOIN stock s ON s.variant_id = v.id
  JOIN product_translations t ON t.product_id = p.id AND t.locale = 'en'
  LEFT JOIN product_translations here ON here.product_id = p.id AND here.locale = $4
  LEFT JOIN prices m ON m.variant_id = v.id AND m.currency = $3
 ORDER BY asked.place
"""


async def product(reader: Reader, key: UUID | str, *, locale: Locale, currency: str) -> asyncpg.Record | None:
    """Everything about one product, by id or by slug, whatever its status."""
    statement = _PRODUCT_BY_ID if isinstance(key, UUID) else _PRODUCT_BY_SLUG
    return await reader.fetchrow(statement, key, locale, currency)


async def categories(db: Database, *, locale: Locale) -> list[asyncpg.Record]:
    """All categories, in the order in which siblings are shown: id, parent_id, slug, name."""
    return await db.fetch(_CATEGORIES, locale)


async def offers(
    db: Database, *, ids: Sequence[UUID | None], skus: Sequence[str | None], currency: str, locale: Locale
) -> list[asyncpg.Record]:
    """What each asked variant costs and whether it can be sold; unknown ones are missing, `place` counts those asked.

    `ids` and `skus` run in parallel, one of the two given at each place; a sku means the live variant.
    """
    return await db.fetch(_OFFERS, ids, skus, currency, locale)
