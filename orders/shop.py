"""Everything that a request may need, made once per process."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx2

from chassis.auth import TokenMinter
from chassis.database import Database
from chassis.http import ServiceClient
from chassis.pagination import Cursors
from orders.clients.cart import Carts
from orders.clients.payments import Payments
from orders.clients.products import Products
from orders.lifecycle.effects import Effects
from orders.lifecycle.saga import Saga
from orders.settings import Settings
from orders.tokens import OrderTokens

PAYMENTS_DEADLINE = 12.0
"""Payments may wait for the provider (10 s at most) before they answer."""

Transports = Callable[[str], httpx2.AsyncBaseTransport | None]
"""Service → the transport to reach it by; None: the network."""


@dataclass(frozen=True, slots=True)
class Shop:
    """The service's parts."""

    settings: Settings
    db: Database
    carts: Carts
    products: Products
    payments: Payments
    saga: Saga
    tokens: OrderTokens
    cursors: Cursors


@asynccontextmanager
async def open_shop(settings: Settings, transports: Transports = lambda _: None) -> AsyncIterator[Shop]:
    """The parts work until the block ends; then work under way is finished or left to its lease."""
    async with AsyncExitStack() as stack:
        db = await Database.open(
            settings.database_dsn, pool_size=settings.database_pool_size, application_name="orders"
        )
        stack.push_async_callback(db.close)
        minter = TokenMinter("orders", settings.service_key.get_secret_value())

        def _client(service: str, url: str, deadline: float = 2.0) -> ServiceClient:
            client = ServiceClient(
                service, url, minter=minter, transport=transports(service), deadline=deadline
            )
            stack.push_async_callback(client.aclose)
            return client

        carts = Carts(_client("cart", settings.cart_url))
        products = Products(_client("products", settings.products_url))
        payments = Payments(_client("payments", settings.payments_url, PAYMENTS_DEADLINE))
        effects = Effects(db, carts=carts, products=products, payments=payments, settings=settings)
        saga = Saga(db, effects, settings)
        stack.push_async_callback(saga.close)
        secret = settings.cursor_secret.get_secret_value()
        yield Shop(settings, db, carts, products, payments, saga, OrderTokens(secret), Cursors(secret))
