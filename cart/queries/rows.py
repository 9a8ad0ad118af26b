"""From rows to what is in a cart."""

from collections.abc import Sequence

import asyncpg

from cart.contents import Cart, Line
from chassis.database import Connection, Database

Executor = Database | Connection


def cart_from(rows: Sequence[asyncpg.Record]) -> Cart | None:
    """The cart of rows that repeat it once per line (an empty cart: one row, `line_id` null); None of no rows."""
    if not rows:
        return None
    lines = tuple(
        Line(row["line_id"], row["variant_id"], row["sku"], row["quantity"])
        for row in rows
        if row["line_id"] is not None
    )
    first = rows[0]
    return Cart(first["id"], first["version"], first["customer_id"], first["note"], lines)
