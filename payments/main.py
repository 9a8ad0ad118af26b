"""The payments service as an application."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from chassis.app import Lifespan, build_app
from chassis.auth import TokenMinter
from chassis.database import Database
from chassis.http import ServiceClient
from chassis.pagination import Cursors
from chassis.readiness import database_checks
from payments import loops
from payments.attempts.internal_routes import router as internal
from payments.attempts.routes import router as public
from payments.clients.orders import OrdersClient
from payments.desk import Desk
from payments.ledger.routes import router as ledger
from payments.providers.stripe import StripeProvider
from payments.refunds.routes import router as refunds
from payments.settings import Settings
from payments.webhooks.routes import LARGEST_EVENT
from payments.webhooks.routes import router as webhooks

DESCRIPTION = """What orders are owed, and every attempt to pay it. The shopper pays on the provider's own page: no
card number ever comes here.

**Try it:** place an order (at the orders service), then `GET /payments` with your token, or with the guest's
`X-Order-Token`; open `redirect_url` and pay. When an attempt is dead, `POST /payments` begins the next one.

Amounts are integers in the currency's minor unit (`1999` EUR is 19.99 €)."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service with these settings, else with those of the environment. Raises UnsafeSettings in production."""
    settings = settings or Settings.load()
    app = build_app(
        service="payments",
        title="Payments",
        summary="What orders are owed, and every attempt to pay it.",
        description=DESCRIPTION,
        settings=settings,
        lifespan=_lifespan(settings),
        routers=[public, ledger, webhooks, internal, refunds],
        checks=database_checks("payments", lambda app: app.state.desk.db),
        larger_bodies={"/webhooks/": LARGEST_EVENT},
    )
    app.state.settings = settings
    app.state.cursors = Cursors(settings.cursor_secret.get_secret_value())
    return app


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """Everything that payments works with, open within the block."""
    async with AsyncExitStack() as stack:
        db = await Database.open(
            settings.database_dsn, pool_size=settings.database_pool_size, application_name="payments"
        )
        stack.push_async_callback(db.close)
        minter = TokenMinter("payments", settings.service_key.get_secret_value())
        orders = OrdersClient(ServiceClient("orders", settings.orders_url, minter=minter))
        stack.push_async_callback(orders.aclose)
        stripe = StripeProvider(
            api_key=settings.stripe_api_key.get_secret_value(),
            api_base=settings.stripe_api_base,
            webhook_secrets=settings.stripe_webhook_secrets,
        )
        stack.push_async_callback(stripe.aclose)
        desk = Desk(
            db=db,
            providers={stripe.name: stripe},
            orders=orders,
            currency=settings.currency,
            lease_seconds=settings.lease_seconds,
        )
        stack.push_async_callback(desk.aclose)
        yield desk


def _lifespan(settings: Settings) -> Lifespan:
    @asynccontextmanager
    async def _open(app: FastAPI) -> AsyncIterator[None]:
        async with open_desk(settings) as desk:
            app.state.desk = desk
            if not settings.workers_inside:
                yield
                return
            async with loops.running(desk, poll_seconds=settings.loop_seconds):
                yield

    return _open
