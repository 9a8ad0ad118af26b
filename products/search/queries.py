"""Lists of products: one statement per page, one for all facets.

A statement is put together of the conditions that were asked for and no others, so that PostgreSQL plans each
combination for its own index; there are few combinations, and asyncpg keeps each prepared.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg

from chassis.database import Database
from products.search import queries_conditions as conditions
from products.search.filters import Filters, Sort

ORDERS: dict[str, tuple[tuple[tuple[str, str], ...], str]] = {
    "popularity": ((("l.popularity", "bigint"), ("l.product_id", "uuid")), "DESC"),
    "relevance": ((("f.rank", "bigint"), ("l.popularity", "bigint"), ("l.product_id", "uuid")), "DESC"),
    "price": ((("l.price_amount", "bigint"), ("l.product_id", "uuid")), "ASC"),
    "-price": ((("l.price_amount", "bigint"), ("l.product_id", "uuid")), "DESC"),
    "newest": ((("l.created_at", "timestamptz"), ("l.product_id", "uuid")), "DESC"),
    "name": ((("sort_name(l.names, '{locale}')", "text"), ("l.product_id", "uuid")), "ASC"),
}
"""How a list is sorted: columns with their types, all in one direction. `locale` is one of ours, never typed text."""


def _order(filters: Filters, sort: Sort) -> str:
    return "popularity" if sort == "relevance" and filters.text is None else sort


def position_length(filters: Filters, sort: Sort) -> int:
    """How many values a cursor of this list has."""
    return len(ORDERS[_order(filters, sort)][0])


async def page(
    db: Database, filters: Filters, *, sort: Sort, after: Sequence[Any] | None, limit: int
) -> tuple[list[asyncpg.Record], list[str]]:
    """Up to `limit` listings after the position `after`, and the names of the columns that make their own position."""
    columns, direction = ORDERS[_order(filters, sort)]
    parameters = conditions.Parameters()
    keys = [(column.format(locale=filters.locale), kind) for column, kind in columns]
    with_found = conditions.found(filters, parameters)
    wanted = _conditions(filters, parameters)
    if after is not None:
        row = ", ".join(
            f"{parameters.add(str(value))}::text::{kind}"
            for (_, kind), value in zip(keys, after, strict=True)
        )
        wanted.append(
            f"({', '.join(column for column, _ in keys)}) {'<' if direction == 'DESC' else '>'} ({row})"
        )
    names = [f"at_{place}" for place in range(len(keys))]
    position = ", ".join(f"{column} AS {name}" for (column, _), name in zip(keys, names, strict=True))
    statement = f"""{with_found}
SELECT l.product_id AS id, l.slug, COALESCE(l.names ->> {parameters.add(filters.locale)}, l.names ->> 'en') AS name,
       l.status, l.sku, l.price_amount, l.compare_at_amount, l.available, l.in_stock, l.image, {position}
  FROM listings l{" JOIN found f ON f.product_id = l.product_id" if with_found else ""}
 WHERE {" AND ".join(wanted)}
 ORDER BY {", ".join(f"{column} {direction}" for column, _ in keys)}
 LIMIT {parameters.add(limit)}"""  # noqa: S608  # every value is a parameter
    return await db.fetch(statement, *parameters.values), names


def _conditions(filters: Filters, parameters: conditions.Parameters) -> list[str]:
    wanted = [
        f"l.currency = {parameters.add(filters.currency)}",
        f"l.status = {parameters.add(filters.status)}",
    ]
    if filters.category is not None:
        wanted.append(conditions.in_category(filters, parameters))
    if filters.price_min is not None or filters.price_max is not None:
        wanted.append(conditions.in_price_range(filters, parameters))
    if filters.options:
        wanted.append(conditions.has_variant(filters, parameters))
    elif filters.in_stock:
        wanted.append("l.in_stock")
    return wanted


async def facets(db: Database, filters: Filters) -> list[asyncpg.Record]:
    """How many products each further choice would leave: `key`, `label`, `value`, `value_label`, `count`.

    Sorted for showing: the category first, then the axes, then stock. A count leaves out its own facet's filter
    and keeps all others, so it is the length of the list that one would get.
    """
    parameters = conditions.Parameters()
    with_found = conditions.found(filters, parameters)
    locale = parameters.add(filters.locale)
    tests = {
        "category": conditions.in_category(filters, parameters) if filters.category is not None else "true",
        "price": conditions.in_price_range(filters, parameters),
        "in_stock": "(s.available > 0 OR s.backorder)" if filters.in_stock else "true",
    }
    for place, (axis, values) in enumerate(filters.options):
        tests[f"axis_{place}"] = conditions.has_choice(axis, values, parameters)
    others = {name: " AND ".join(f"o.{test}_ok" for test in tests if test != name) for name in tests}
    own_axis = "".join(
        f" AND (o.axis_{place}_ok OR x.option_code = {parameters.add(axis)})"
        for place, (axis, _) in enumerate(filters.options)
    )
    statement = f"""{with_found or "WITH"}{"," if with_found else ""} offered AS MATERIALIZED (
  SELECT l.product_id, l.category_id, v.id AS variant_id, (s.available > 0 OR s.backorder) AS stocked,
         {", ".join(f"({test}) AS {name}_ok" for name, test in tests.items())}
    FROM listings l
    JOIN variants v ON v.product_id = l.product_id AND v.status = 'active'
    JOIN stock s ON s.variant_id = v.id
    {"JOIN found f ON f.product_id = l.product_id" if with_found else ""}
   WHERE l.currency = {parameters.add(filters.currency)} AND l.status = {parameters.add(filters.status)}
), ancestry AS (
  SELECT * FROM (WITH RECURSIVE up AS (
    SELECT id, id AS above FROM categories
    UNION ALL SELECT u.id, c.parent_id FROM up u JOIN categories c ON c.id = u.above WHERE c.parent_id IS NOT NULL)
  SELECT id, above FROM up) u
)
SELECT 1 AS place, 'category' AS key, NULL AS label, c.slug AS value,
       COALESCE(c.names ->> {locale}, c.names ->> 'en') AS value_label, c.position AS value_place,
       count(DISTINCT o.product_id) AS count
  FROM offered o JOIN ancestry a ON a.id = o.category_id JOIN categories c ON c.id = a.above
 WHERE {others["category"]}
 GROUP BY c.id
UNION ALL
SELECT 2, 'option.' || x.option_code, COALESCE(p.labels ->> {locale}, p.labels ->> 'en'), x.value_code,
       COALESCE(w.labels ->> {locale}, w.labels ->> 'en'), w.position, count(DISTINCT o.product_id)
  FROM offered o
  JOIN variant_values x ON x.variant_id = o.variant_id
  JOIN options p ON p.code = x.option_code
  JOIN option_values w ON w.option_code = x.option_code AND w.code = x.value_code
 WHERE o.category_ok AND o.price_ok AND o.in_stock_ok{own_axis}
 GROUP BY x.option_code, p.labels, x.value_code, w.labels, w.position
UNION ALL
SELECT 3, 'in_stock', NULL, 'true', NULL, 0, count(DISTINCT o.product_id)
  FROM offered o WHERE o.stocked AND {others["in_stock"]}
 ORDER BY place, key, value_place, value"""  # noqa: S608  # every value is a parameter
    return await db.fetch(statement, *parameters.values)
