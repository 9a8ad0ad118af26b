"""Builds the cart service."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import httpx2
from fastapi import FastAPI

from cart import internal_routes, routes
from cart.clients.products import Products
from cart.settings import Settings
from cart.sweeper import sweep
from chassis.app import build_app
from chassis.auth import TokenMinter
from chassis.clock import Clock
from chassis.database import Database
from chassis.http import ServiceClient
from chassis.readiness import database_checks

DESCRIPTION = """
What a shopper intends to buy. A cart belongs to a **customer** (press *Authorize* and sign in) or to a **guest**:
`POST /cart` without identity makes a guest's cart and tells its secret once, in `X-Cart-Token` and in a cookie.
Try it here: add something, look at the cart, change it. The cookie does the rest.

Prices, names and availability are asked of the products service whenever a cart is shown. Nothing is reserved
before the order. Every answer carries `ETag` with the cart's version; send it as `If-Match` to change only what
you have seen. Errors are `application/problem+json` with a stable `code`.
"""


def create_app(
    settings: Settings | None = None, *, products_transport: httpx2.AsyncBaseTransport | None = None
) -> FastAPI:
    """The application; it opens its connections when it starts. Raises UnsafeSettings.

    `products_transport`: the way to products in place of the network, for tests.
    """
    settings = settings or Settings.load()
    app = build_app(
        service="cart",
        title="Cart",
        summary="Carts of customers and guests.",
        description=DESCRIPTION,
        settings=settings,
        lifespan=partial(_lifespan, settings, products_transport),
        routers=[routes.router, internal_routes.router],
        checks=database_checks("cart", _database),
    )
    app.state.secure_cookies = settings.public_origin.startswith("https://")
    return app


@asynccontextmanager
async def _lifespan(
    settings: Settings, products_transport: httpx2.AsyncBaseTransport | None, app: FastAPI
) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        db = await Database.open(
            settings.database_dsn, pool_size=settings.database_pool_size, application_name="cart"
        )
        stack.push_async_callback(db.close)
        client = ServiceClient(
            "products",
            settings.products_url,
            minter=TokenMinter("cart", settings.service_key.get_secret_value()),
            transport=products_transport,
            deadline=settings.products_seconds,
        )
        products = Products(client, currency=settings.currency)
        stack.push_async_callback(products.aclose)
        app.state.database, app.state.products = db, products
        work = partial(sweep, db, guest_cart_days=settings.guest_cart_days)
        await stack.enter_async_context(Clock("cart.sweep", work, every=settings.sweep_seconds))
        yield


def _database(app: FastAPI) -> Database:
    db: Database = app.state.database
    return db
