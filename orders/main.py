"""Builds the orders service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from chassis.app import build_app
from chassis.database import Database
from chassis.readiness import database_checks
from orders.checkout import routes as checkout
from orders.lifecycle import routes as lifecycle
from orders.notifications import routes as notifications
from orders.pricing import routes as pricing
from orders.settings import Settings
from orders.shop import Shop, Transports, open_shop
from orders.workers import working

DESCRIPTION = """
What a basket costs, and orders from the click until they are paid.

**Try it:** `POST /quotes` needs nobody's identity. To order, fill a cart (at the cart service), then `POST /orders` with
your token (*Authorize*) or the cart's secret in `X-Cart-Token`; open `payment.redirect_url` and pay; look with
`GET /orders/{order_id}` and, as a guest, `X-Order-Token`.

An order is `pending` until its stock is allocated and its money authorized, then `confirmed`. `DELETE` asks for
cancellation; the payment provider decides. Amounts are integers in the currency's minor unit, tax included.
"""


def create_app(settings: Settings | None = None, *, transports: Transports = lambda _: None) -> FastAPI:
    """The application; it opens its connections when it starts. Raises UnsafeSettings.

    `transports`: the ways to the other services in place of the network, for tests.
    """
    settings = settings or Settings.load()
    return build_app(
        service="orders",
        title="Orders",
        summary="Quotes, checkout, and the life of orders.",
        description=DESCRIPTION,
        settings=settings,
        lifespan=partial(_lifespan, settings, transports),
        routers=[
            pricing.router,
            checkout.router,
            lifecycle.router,
            notifications.router,
            checkout.internal,
        ],
        checks=database_checks("orders", _database),
    )


@asynccontextmanager
async def _lifespan(settings: Settings, transports: Transports, app: FastAPI) -> AsyncIterator[None]:
    async with open_shop(settings, transports) as shop:
        app.state.shop = shop
        if not settings.workers_inside:
            yield
            return
        async with working(shop):
            yield


def _database(app: FastAPI) -> Database:
    shop: Shop = app.state.shop
    return shop.db
