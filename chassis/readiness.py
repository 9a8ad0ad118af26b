"""The checks of `/readyz` that every service with a database has."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI

from chassis.database import Database
from chassis.migrate import code_head

Check = Callable[[FastAPI], Awaitable[str]]
"""A named readiness check: a word or two when ready, any exception when not."""


class NotMigrated(RuntimeError):
    """The database is at another revision than the code."""


def database_checks(package: str, database: Callable[[FastAPI], Database]) -> dict[str, Check]:
    """`database` answers, and its `migrations` are the code's; `database(app)` finds it in the application."""

    async def _answers(app: FastAPI) -> str:
        return await database(app).ping()

    async def _migrated(app: FastAPI) -> str:
        stored = await database(app).fetchval("SELECT version_num FROM alembic_version")
        if stored != (head := code_head(package)):
            raise NotMigrated(f"{package}'s database is at {stored}, the code at {head}")
        return head

    return {"database": _answers, "migrations": _migrated}
