"""Alembic's entry: this service's tables, by the machinery that all services share."""

from chassis import migrate
from payments.models import metadata

migrate.run("payments", metadata)
