"""Brings the products database to this code's tables."""

import products.catalog.models
import products.inventory.models
import products.search.models  # noqa: F401  # importing fills the metadata
from chassis.migrate import run
from products.tables import Base

run("products", Base.metadata)
