"""The cart service as a process would run it, on its own database, beside a pretended products service."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx2
import pytest

from cart.main import create_app
from cart.settings import Settings
from chassis.database import Database
from chassis.ids import new_id
from tests.services.cart.products_beside import ProductsBeside
from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import Databases

Json = dict[str, Any]


@dataclass
class Shop:
    """The cart service's client, its database, and the products that it asks."""

    client: httpx2.AsyncClient
    db: Database
    products: ProductsBeside
    identities: Identities
    anna: UUID = field(default_factory=new_id)

    def customer(self, customer_id: UUID | None = None) -> dict[str, str]:
        """Headers of a signed-in customer, Anna unless told otherwise."""
        return self.identities.customer_headers("cart", customer_id or self.anna)

    def as_service(self, name: str) -> dict[str, str]:
        """Headers of another service."""
        return self.identities.service_headers(name, "cart")

    async def add(
        self, who: dict[str, str], sku: str = "MUG", quantity: int = 1, **more: Any
    ) -> httpx2.Response:
        """`POST /cart`."""
        self.client.cookies.clear()
        headers = {**who, **more.pop("headers", {})}
        return await self.client.post(
            "/cart", json={"sku": sku, "quantity": quantity}, headers=headers, **more
        )

    async def guest(self, **skus: int) -> dict[str, str]:
        """Headers of a new guest who has these pieces in the cart."""
        who: dict[str, str] = {}
        for sku, quantity in skus.items():
            answer = await self.add(who, sku, quantity)
            assert answer.status_code == 201, answer.text
            who = who or {"x-cart-token": answer.headers["x-cart-token"]}
        self.client.cookies.clear()
        return who

    async def cart(self, who: dict[str, str]) -> Json:
        """`GET /cart`."""
        answer = await self.client.get("/cart", headers=who)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def pieces(self, who: dict[str, str]) -> dict[str, int]:
        """Sku → pieces in the cart."""
        return {item["sku"]: item["quantity"] for item in (await self.cart(who))["items"]}

    async def rows(self) -> list[tuple[Any, ...]]:
        """All carts and lines, to compare before and after a refusal."""
        carts = await self.db.fetch("SELECT * FROM carts ORDER BY id")
        lines = await self.db.fetch("SELECT * FROM cart_lines ORDER BY id")
        return [tuple(row) for row in (*carts, *lines)]


StartShop = Callable[..., Awaitable[Shop]]


@pytest.fixture
def start_shop(databases: Databases, identities: Identities, apps: RunningApps) -> StartShop:
    """`await start_shop(guest_cart_days=1)`: a shop of its own with these settings."""

    async def _start(**settings: object) -> Shop:
        dsn = databases.create("cart").app
        products = ProductsBeside()
        values = identities.settings_for("cart", dsn, products_seconds=0.3, **settings)
        app = create_app(Settings.model_validate(values), products_transport=products.transport())
        client = await apps.start(app)
        db: Database = app.state.database
        return Shop(client, db, products, identities)

    return _start


@pytest.fixture
async def shop(start_shop: StartShop) -> Shop:
    """A shop whose products are MUG, CAP and TEA."""
    return await start_shop()
