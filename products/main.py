"""The products service's application."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from fastapi import FastAPI

from chassis.app import build_app
from chassis.clock import Clock
from chassis.database import Database
from chassis.pagination import Cursors
from chassis.readiness import database_checks
from products import media
from products.catalog import offers
from products.catalog.routes import router as catalogue
from products.deps import Context
from products.inventory import reservations
from products.inventory.routes import router as stock
from products.inventory.sweeper import tidy
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
        async with AsyncExitStack() as stack:
            db = await Database.open(
                settings.database_dsn, pool_size=settings.database_pool_size, application_name="products"
            )
            stack.push_async_callback(db.close)
            app.state.context = Context(settings, db, Cursors(settings.cursor_secret.get_secret_value()))
            work = partial(tidy, db, grace_seconds=settings.hold_grace_seconds)
            await stack.enter_async_context(Clock("products.tidy", work, every=settings.sweep_seconds))
            yield

    app = build_app(
        service="products",
        title="Products",
        summary="Catalogue, prices, search and stock",
        description=DESCRIPTION,
        settings=settings,
        lifespan=_lifespan,
        routers=[lists, catalogue, stock, offers.router, reservations.router],
        checks=database_checks("products", _database),
    )
    media.install(app, settings.pictures_folder)
    return app


def _database(app: FastAPI) -> Database:
    context: Context = app.state.context
    return context.db
