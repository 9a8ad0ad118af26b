"""The base of this service's tables, read by the migrations only: the running service writes SQL.

Tables by area: `catalog.models` (categories, products and their texts, options, variants, prices, pictures),
`inventory.models` (stock, reservations, movements), `search.models` (listings, search_documents: projections
that `refresh_listings` writes, never edited by hand).
"""

from chassis import idempotency
from chassis.orm import Model, metadata


class Base(Model):
    """Every table of the products service."""

    __abstract__ = True
    metadata = metadata()


IDEMPOTENCY_KEYS = idempotency.table(Base.metadata)
