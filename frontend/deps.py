"""What a running gateway holds: settings, database, clients, words and files. Made once, in `main`."""

import asyncio
from dataclasses import dataclass

import httpx2

from chassis.auth import TokenMinter
from chassis.database import Database
from chassis.http import ServiceClient
from frontend.accounts.service import Accounts
from frontend.accounts.sessions import Sessions
from frontend.accounts.tokens import PersonTokens
from frontend.assets import Assets
from frontend.clients.cart import CartClient
from frontend.clients.orders import OrdersClient
from frontend.clients.payments import PaymentsClient
from frontend.clients.products import ProductsClient
from frontend.same_pages import SamePages
from frontend.settings import Settings
from frontend.templating import Templates


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything a page needs, found at `app.state.shop`."""

    settings: Settings
    db: Database
    sessions: Sessions
    accounts: Accounts
    tokens: PersonTokens
    products: ProductsClient
    cart: CartClient
    orders: OrdersClient
    payments: PaymentsClient
    assets: Assets
    templates: Templates
    same_pages: SamePages

    def service(self, name: str) -> ServiceClient:
        """The connection to a service by its name. Raises KeyError."""
        return {
            "products": self.products.service,
            "cart": self.cart.service,
            "orders": self.orders.service,
            "payments": self.payments.service,
        }[name]

    async def aclose(self) -> None:
        """Connections are closed."""
        await asyncio.gather(*(self.service(name).aclose() for name in self.settings.service_urls()))
        await self.db.close()


async def open_shop(
    settings: Settings,
    assets: Assets,
    templates: Templates,
    transports: dict[str, httpx2.AsyncBaseTransport] | None = None,
) -> Shop:
    """A shop ready to serve; nothing is connected before it is needed. `transports`: for tests, per service."""
    db = await Database.open(
        settings.database_dsn, pool_size=settings.database_pool_size, application_name="frontend"
    )
    minter = TokenMinter("frontend", settings.service_key.get_secret_value())

    def _client(service: str) -> ServiceClient:
        transport = (transports or {}).get(service)
        return ServiceClient(service, settings.service_urls()[service], minter=minter, transport=transport)

    return Shop(
        settings=settings,
        db=db,
        sessions=Sessions(db, settings),
        accounts=Accounts(db),
        tokens=PersonTokens(minter),
        products=ProductsClient(_client("products")),
        cart=CartClient(_client("cart")),
        orders=OrdersClient(_client("orders")),
        payments=PaymentsClient(_client("payments")),
        assets=assets,
        templates=templates,
        same_pages=SamePages(),
    )
