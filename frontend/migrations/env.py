"""Alembic's entry: everything is in chassis.migrate."""

from chassis import migrate
from frontend.accounts.models import Base

migrate.run("frontend", Base.metadata)
