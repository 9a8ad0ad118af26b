"""The products service with an empty catalogue."""

from collections.abc import AsyncIterator

import pytest

from chassis.database import Database
from products.main import create_app
from products.settings import Settings
from tests.services.products.shop import ProductsShop
from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import Databases


@pytest.fixture
async def shop(
    apps: RunningApps, databases: Databases, identities: Identities
) -> AsyncIterator[ProductsShop]:
    """The service, started; its own sweeper sleeps."""
    database = databases.create("products")
    settings = identities.settings_for("products", database.app, sweep_seconds=3600, database_pool_size=24)
    client = await apps.start(create_app(Settings(**settings)))
    db = await Database.open(database.owner, pool_size=4)
    yield ProductsShop(client, db, identities)
    await db.close()
