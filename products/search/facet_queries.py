"""All facets of a list in one statement."""

from functools import lru_cache

import asyncpg

from chassis.database import Database
from products.search import condition_queries as conditions
from products.search.filters import Filters, Shape


async def facets(db: Database, filters: Filters) -> list[asyncpg.Record]:
    """How many products each further choice would leave: `key`, `label`, `value`, `value_label`, `count`.

    Sorted for showing: the category first, then the axes, then stock. A count leaves out its own facet's filter
    and keeps all others, so it is the length of the list that one would get.
    """
    statement, names = _facets(filters.shape())
    values = filters.values()
    return await db.fetch(statement, *(values[name] for name in names))


@lru_cache(maxsize=2048)
def _facets(shape: Shape) -> tuple[str, tuple[str, ...]]:
    """The statement for lists of this shape and the names of its parameters."""
    parameters = conditions.Parameters()
    with_found = conditions.found(shape, parameters)
    locale = parameters.add("locale")
    tests = {
        "category": conditions.in_category(parameters) if shape.category else "true",
        "price": conditions.in_price_range(shape, parameters),
        "in_stock": "(s.available > 0 OR s.backorder)" if shape.in_stock else "true",
    }
    for place in range(shape.axes):
        tests[f"axis_{place}"] = conditions.has_choice(place, parameters)
    others = {name: " AND ".join(f"o.{test}_ok" for test in tests if test != name) for name in tests}
    own_axis = "".join(
        f" AND (o.axis_{place}_ok OR x.option_code = {parameters.add(f'axis_{place}')})"
        for place in range(shape.axes)
    )
    offered = f"l.currency = {parameters.add('currency')} AND l.status = {parameters.add('status')}"
    statement = f"""{with_found or "WITH"}{"," if with_found else ""} offered AS MATERIALIZED (
  SELECT l.product_id, l.category_id, v.id AS variant_id, (s.available > 0 OR s.backorder) AS stocked,
         {", ".join(f"({test}) AS {name}_ok" for name, test in tests.items())}
    FROM listings l
    JOIN variants v ON v.product_id = l.product_id AND v.status = 'active'
    JOIN stock s ON s.variant_id = v.id
    {"JOIN found f ON f.product_id = l.product_id" if with_found else ""}
   WHERE {offered}
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
    return statement, tuple(parameters.names)
