"""Alembic's entry: this service's tables, by the machinery that all services share."""

from chassis import migrate
from orders.models import metadata

migrate.run("orders", metadata)
