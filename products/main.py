"""The products service's application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from chassis.app import build_app
from chassis.database import Database
from chassis.migrate import code_head
from chassis.pagination import Cursors
from products import media
from products.catalog import offers
from products.catalog.routes import router as catalogue
from products.deps import Context
from products.inventory import reservations
from products.inventory.routes import router as stock
from products.inventory.sweeper import sweeping
from products.search.routes import router as lists
from products.settings import Settings

DESCRIPTION = """
What the shop sells, for how much, and how many of it there are.

Reading is public. Editing needs a staff member's token (*Authorize*). Amounts are integers in the currency's
minor unit. Names come in the language of `Accept-Language` (`en`, `ru`). Errors are `application/problem+json`.
"""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service, ready for a server. Reads the environment only when no settings are given."""
    settings = settings or Settings.load()

    @asynccontextmanager
    async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
        db = await Database.open(
            settings.database_dsn, pool_size=settings.database_pool_size, application_name="products"
        )
        app.state.context = Context(settings, db, Cursors(settings.cursor_secret.get_secret_value()))
        clock = sweeping(db, grace_seconds=settings.hold_grace_seconds, every_seconds=settings.sweep_seconds)
        async with clock:
            yield
        await db.close()

    app = build_app(
        service="products",
        title="Products",
        summary="Catalogue, prices, search and stock",
        description=DESCRIPTION,
        settings=settings,
        lifespan=_lifespan,
        routers=[lists, catalogue, stock, offers.router, reservations.router],
        checks={"database": _database_answers, "migrations": _at_head},
    )
    media.install(app, settings.pictures_folder)
    return app


async def _database_answers(app: FastAPI) -> str:
    context: Context = app.state.context
    return await context.db.ping()


async def _at_head(app: FastAPI) -> str:
    """The revision, when the database is at the code's. Raises RuntimeError otherwise."""
    context: Context = app.state.context
    stored: str = await context.db.fetchval("SELECT version_num FROM alembic_version")
    if stored != code_head("products"):
        raise RuntimeError(f"the database is at {stored}")
    return stored
