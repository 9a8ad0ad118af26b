"""Lists of products: one statement per page.

A statement is put together of the conditions that were asked for and no others, so that PostgreSQL plans each
combination for its own index. There are few combinations; each is written once and stays prepared.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import asyncpg

from chassis.database import Database
from products.search import condition_queries as conditions
from products.search.filters import Filters, Shape, Sort

ORDERS: dict[str, tuple[tuple[tuple[str, str], ...], str]] = {
    "popularity": ((("l.popularity", "bigint"), ("l.product_id", "uuid")), "DESC"),
    "relevance": ((("f.rank", "bigint"), ("l.popularity", "bigint"), ("l.product_id", "uuid")), "DESC"),
    "price": ((("l.price_amount", "bigint"), ("l.product_id", "uuid")), "ASC"),
    "-price": ((("l.price_amount", "bigint"), ("l.product_id", "uuid")), "DESC"),
    "newest": ((("l.created_at", "timestamptz"), ("l.product_id", "uuid")), "DESC"),
    "name": ((("sort_name(l.names, '{locale}')", "text"), ("l.product_id", "uuid")), "ASC"),
}
"""How a list is sorted: columns with their types, all in one direction. `locale` is one of ours, never typed text."""


def position_length(filters: Filters, sort: Sort) -> int:
    """How many values a cursor of this list has."""
    return len(ORDERS[_order(filters.shape(), sort)][0])


async def page(
    db: Database, filters: Filters, *, sort: Sort, after: Sequence[Any] | None, limit: int
) -> list[asyncpg.Record]:
    """Up to `limit` listings after the position `after`; their own positions are the columns `at_0`, `at_1`, …"""
    statement, names = _page(filters.shape(), sort, after is not None)
    values = filters.values()
    values["limit"] = limit
    for place, value in enumerate(after or ()):
        values[f"after_{place}"] = str(value)
    return await db.fetch(statement, *(values[name] for name in names))


def _order(shape: Shape, sort: Sort) -> str:
    return "popularity" if sort == "relevance" and not shape.text else sort


@lru_cache(maxsize=2048)
def _page(shape: Shape, sort: Sort, follows: bool) -> tuple[str, tuple[str, ...]]:  # noqa: FBT001  # part of the key
    """The statement for lists of this shape and the names of its parameters; `follows`: not the first page."""
    columns, direction = ORDERS[_order(shape, sort)]
    keys = [(column.format(locale=shape.locale), kind) for column, kind in columns]
    parameters = conditions.Parameters()
    with_found = conditions.found(shape, parameters)
    wanted = conditions.chosen(shape, parameters)
    if follows:
        row = ", ".join(
            f"{parameters.add(f'after_{place}')}::text::{kind}" for place, (_, kind) in enumerate(keys)
        )
        comparison = "<" if direction == "DESC" else ">"
        wanted.append(f"({', '.join(column for column, _ in keys)}) {comparison} ({row})")
    position = ", ".join(f"{column} AS at_{place}" for place, (column, _) in enumerate(keys))
    statement = f"""{with_found}
SELECT l.product_id AS id, l.slug, COALESCE(l.names ->> {parameters.add("locale")}, l.names ->> 'en') AS name,
       l.status, l.sku, l.price_amount, l.compare_at_amount, l.available, l.in_stock, l.image, {position}
  FROM listings l{" JOIN found f ON f.product_id = l.product_id" if with_found else ""}
 WHERE {" AND ".join(wanted)}
 ORDER BY {", ".join(f"{column} {direction}" for column, _ in keys)}
 LIMIT {parameters.add("limit")}"""  # noqa: S608  # every value is a parameter
    return statement, tuple(parameters.names)
