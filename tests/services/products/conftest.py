"""The products service, started: `shop` for a test alone, `shared_shop` for the tests of one module."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from chassis.database import Database
from products.main import create_app
from products.settings import Settings
from tests.services.products.shop import ProductsShop
from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import Databases, ServerAddress


@asynccontextmanager
async def _running(address: ServerAddress, identities: Identities) -> AsyncIterator[ProductsShop]:
    """The service with an empty catalogue; its own sweeper sleeps."""
    with Databases(address) as databases:
        database = databases.create("products")
        settings = identities.settings_for(
            "products", database.app, sweep_seconds=3600, database_pool_size=24
        )
        async with RunningApps() as apps:
            client = await apps.start(create_app(Settings.load(**settings)))
            db = await Database.open(database.owner, pool_size=4)
            yield ProductsShop(client, db, identities)
            await db.close()


@pytest.fixture
async def shop(server_address: ServerAddress, identities: Identities) -> AsyncIterator[ProductsShop]:
    """An empty shop for one test."""
    async with _running(server_address, identities) as running:
        yield running


@pytest.fixture(scope="module")
async def shared_shop(server_address: ServerAddress, identities: Identities) -> AsyncIterator[ProductsShop]:
    """An empty shop for all tests of a module: they fill it once and only look, or are refused."""
    async with _running(server_address, identities) as running:
        yield running
