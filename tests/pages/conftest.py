"""The gateway with fake services behind it and its own real database."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import httpx2
import pytest
from fastapi import FastAPI

from chassis.auth import CUSTOMER, STAFF
from frontend.deps import Shop
from frontend.main import create_app
from frontend.settings import Settings
from tests.pages.browser import ORIGIN, Browser
from tests.pages.fakes import FakeCart, FakeOrders, FakePayments, FakeProducts
from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import Databases

STAFF_PASSWORD = "the keys of the house"


@dataclass
class World:
    """The gateway, the services behind it, and as many browsers as one likes."""

    app: FastAPI
    products: FakeProducts
    cart: FakeCart
    orders: FakeOrders
    payments: FakePayments
    new_browser: Callable[..., Browser]

    @property
    def shop(self) -> Shop:
        shop: Shop = self.app.state.shop
        return shop

    async def staff_browser(self) -> Browser:
        """A browser in which a member of staff is signed in."""
        await self.shop.accounts.provide(
            email="staff@example.com",
            password=STAFF_PASSWORD,
            name="Sam Staff",
            roles=[CUSTOMER, STAFF],
            locale="en",
        )
        browser = self.new_browser()
        return await browser.sign_in("staff@example.com", STAFF_PASSWORD)


def stocked() -> FakeProducts:
    """A small shop: a simple product, one with variants, one sold out, one reduced."""
    products = FakeProducts()
    products.categories = [
        {
            "slug": "kitchen",
            "name": "Kitchen",
            "children": [{"slug": "pans", "name": "Pans", "children": []}],
        },
        {"slug": "desk", "name": "Desk", "children": []},
    ]
    products.add("Blue mug", price=1990)
    shirt = [("M", 3), ("L", 0)]
    products.add(
        "Shirt",
        category="desk",
        options=["Size"],
        variants=[
            {"sku": f"SHIRT-{size}", "price": {"amount": 2500, "currency": "EUR"}, "available": stock, "options": {"Size": size}}
            for size, stock in shirt
        ],
    )  # fmt: skip
    products.add("Old lamp", price=4900, stock=0, category="desk")
    products.add("Good pan", price=3000, compare_at=4000, category="kitchen")
    return products


@pytest.fixture
async def world(apps: RunningApps, databases: Databases, identities: Identities) -> AsyncIterator[World]:
    products = stocked()
    cart = FakeCart(products)
    payments = FakePayments("https://pay.test")
    orders = FakeOrders(cart, payments)
    fakes = {"products": products, "cart": cart, "orders": orders, "payments": payments}
    settings = Settings.model_validate(
        identities.settings_for(
            "frontend",
            databases.create("frontend").app,
            public_origin=ORIGIN,
            payment_origins="https://pay.test",
            docs_origins="http://localhost:8001",
        )
    )
    app = create_app(settings, {name: fake.transport() for name, fake in fakes.items()})
    first = await apps.start(app, base_url=ORIGIN)
    clients = [first]

    def _new_browser(locale: str = "en") -> Browser:
        client = httpx2.AsyncClient(transport=apps.transport(app), base_url=ORIGIN)
        clients.append(client)
        return Browser(client, locale)

    yield World(app, products, cart, orders, payments, _new_browser)
    for client in clients[1:]:
        await client.aclose()


@pytest.fixture
def browser(world: World) -> Browser:
    """A visitor nobody knows."""
    return world.new_browser()
