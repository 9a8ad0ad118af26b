"""The products service, started: `shop` for a test alone, `shared_shop` for the tests of one module.

`catalogue` is a shared shop to look at, `refusing` one that must stay as it is.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from chassis.database import Database
from products.main import create_app
from products.settings import Settings
from tests.services.products.shop import ProductsShop, euro, shirt
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


@pytest.fixture(scope="module")
async def catalogue(shared_shop: ProductsShop) -> ProductsShop:
    """A shop with clothes and kitchenware, which nobody changes."""
    shop = shared_shop
    await shop.category("clothes", ru="Одежда")
    await shop.category("shirts", parent="clothes", ru="Рубашки")
    await shop.category("kitchen")
    await shop.add_body(shirt("Linen shirt", sku="LIN", category="shirts"))
    await shop.add_body(shirt("Silk shirt", sku="SILK", stock=0, category="shirts"))
    await shop.add("COAT", name="Coat", amount=9000, category="clothes")
    await shop.add("MUG", name="Mug", amount=1000, category="kitchen")
    await shop.add("POT", name="Pot", amount=4000, stock=0, category="kitchen")
    await shop.add_body(
        {
            "name": "Wool vest",
            "category": "clothes",
            "options": ["Size"],
            "variants": [{"sku": "WOOL", "price": euro(2700), "stock": 1, "options": {"Size": "S"}}],
        }
    )
    return shop


@pytest.fixture(scope="module")
async def stocked(shared_shop: ProductsShop) -> ProductsShop:
    """A shop with one product, SHELF, of which five are there."""
    await shared_shop.add("SHELF", name="Shelf", stock=5)
    return shared_shop


@pytest.fixture
async def refusing(stocked: ProductsShop) -> AsyncIterator[ProductsShop]:
    """The stocked shop; when the test ends, nothing in it has changed."""
    before = await _everything(stocked)
    yield stocked
    assert await _everything(stocked) == before


async def _everything(shop: ProductsShop) -> list[int]:
    tables = ("products", "variants", "options", "stock_movements", "reservations", "idempotency_keys")
    counts = [await shop.db.fetchval(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608  # our own words
    return [*counts, await shop.db.fetchval("SELECT sum(version) FROM products")]
