"""Alembic's entry: everything is in chassis.migrate."""

from cart.models import Base
from chassis import migrate

migrate.run("cart", Base.metadata)
