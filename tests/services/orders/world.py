"""The orders service as a process would run it, on its own database, between pretended neighbours."""

from typing import Any
from uuid import UUID

import asyncpg
import httpx2
from fastapi import FastAPI

from chassis.ids import new_id
from orders.lifecycle.queries import saga as queries
from orders.lifecycle.queries.saga import Lease
from orders.main import create_app
from orders.settings import Settings
from orders.shop import Shop
from tests.services.orders.beside import Beside, CartBeside, Json, ProductsBeside
from tests.services.orders.payments_beside import PaymentsBeside
from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import TestDatabase

ADDRESS = {
    "name": "Anna Schmidt",
    "line1": "Hauptstraße 5",
    "city": "Berlin",
    "postal_code": "10115",
    "country": "DE",
}
TOKEN = "a-guest-secret"
MOST_ROUNDS = 60


class World:
    """A running service, its neighbours, and the hands of shoppers, staff, payments and the clock."""

    def __init__(self, identities: Identities, database: TestDatabase) -> None:
        self.identities = identities
        self.database = database
        self.products = ProductsBeside()
        self.cart = CartBeside()
        self.payments = PaymentsBeside()
        self.anna = new_id()
        self.app: FastAPI
        self.client: httpx2.AsyncClient
        self.owner: asyncpg.Connection

    @property
    def beside(self) -> dict[str, Beside]:
        return {"products": self.products, "cart": self.cart, "payments": self.payments}

    async def start(self, apps: RunningApps, **more: Any) -> None:
        options = {"workers_inside": False, "inline_seconds": 2.0, **more}
        settings = Settings(**self.identities.settings_for("orders", self.database.app, **options))  # type: ignore[arg-type]  # pydantic checks them
        self.app = create_app(settings, transports=lambda service: self.beside[service])
        self.client = await apps.start(self.app)
        self.owner = await asyncpg.connect(self.database.owner)
        apps._stack.push_async_callback(self.owner.close)
        self.products.add("MUG", 1500, 10)
        self.products.add("TEE", 2500, 10, options={"Size": "M"})

    @property
    def shop(self) -> Shop:
        shop: Shop = self.app.state.shop
        return shop

    # shoppers

    @property
    def guest(self) -> dict[str, str]:
        return {"x-cart-token": TOKEN}

    def customer(self, customer_id: UUID | None = None) -> dict[str, str]:
        return self.identities.customer_headers("orders", customer_id or self.anna)

    @property
    def staff(self) -> dict[str, str]:
        return self.identities.staff_headers("orders")

    def service(self, name: str = "payments") -> dict[str, str]:
        return self.identities.service_headers(name, "orders")

    def fill(self, customer: UUID | None = None, **skus: int) -> str:
        """A cart with these pieces; a guest's unless a customer is named."""
        items = [(self.products.named(sku), quantity) for sku, quantity in (skus or {"MUG": 2}).items()]
        return self.cart.add(items, token="" if customer else TOKEN, customer=customer)

    async def order(
        self,
        cart_id: str | None = None,
        *,
        who: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> httpx2.Response:
        """`POST /orders`."""
        body = {
            "cart_id": cart_id or self.fill(),
            "email": "guest@example.com",
            "shipping_address": ADDRESS,
            "shipping_method": "standard",
            "payment_method": "card",
            **more,
        }
        return await self.client.post(
            "/orders", json=body, headers={**(who or self.guest), **(headers or {})}
        )

    async def ordered(self, **more: Any) -> Json:
        """An order that waits for its payment."""
        answer = await self.order(**more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def look(self, order_id: str, **query: Any) -> Json:
        """The order as staff see it."""
        answer = await self.client.get(f"/orders/{order_id}", headers=self.staff, params=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def cancel(self, order_id: str, who: dict[str, str] | None = None) -> httpx2.Response:
        return await self.client.delete(f"/orders/{order_id}", headers=who or self.staff)

    # payments' news, the clock, the database

    async def tell(
        self, order_id: str, event: UUID | None = None, kind: str = "payment.authorized"
    ) -> httpx2.Response:
        """Payments tell that something happened."""
        body = {"type": kind, "order_id": order_id, "payment_id": None}
        path = f"/internal/events/{event or new_id()}"
        return await self.client.put(path, json=body, headers=self.service())

    async def paid(self, **more: Any) -> Json:
        """An order that was paid and is done."""
        order = await self.ordered(**more)
        self.payments.pay(order["id"])
        await self.tell(order["id"])
        await self.settle()
        return await self.look(order["id"])

    async def sql(self, statement: str, *arguments: Any) -> list[asyncpg.Record]:
        return list(await self.owner.fetch(statement, *arguments))

    async def one(self, statement: str, *arguments: Any) -> Any:
        return (await self.sql(statement, *arguments))[0][0]

    async def pass_deadline(self, order_id: str) -> None:
        await self.sql("UPDATE orders SET deadline_at = now() - interval '1 s' WHERE id = $1", UUID(order_id))

    async def idle(self) -> None:
        """What requests have started is over."""
        for task in list(self.shop.saga._running):
            await task

    async def settle(self) -> None:
        """Everything that is, or will become, due is done: leases of the dead run out, pauses pass, breakers close."""
        await self.idle()
        for _ in range(MOST_ROUNDS):
            self.close_breakers()
            due = await self.sql(
                "UPDATE orders SET next_at = now() WHERE next_at IS NOT NULL AND (deadline_at <= now()"
                " OR NOT (status = 'pending' AND step = 'awaiting_payment' AND lease_token IS NULL AND attempts = 0)) RETURNING id"
            )
            if not due:
                return
            await self.work()
        raise AssertionError("the orders never come to rest")

    async def work(self) -> list[Lease]:
        """One round of the worker."""
        leases = await queries.claim(self.shop.db, 100, lease_seconds=30, deaths=1000)
        for lease in leases:
            await self.shop.saga._guarded(lease, None, ask_provider=False)
        return leases

    def close_breakers(self) -> None:
        for client in (self.shop.carts, self.shop.products, self.shop.payments):
            client._client._breaker._failures = 0
