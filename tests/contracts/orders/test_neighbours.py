"""Orders' clients against the real products, cart and payments applications: what the fakes pretend, these do."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx2
import pytest

from cart.main import create_app as create_cart
from cart.settings import Settings as CartSettings
from chassis.http import ServiceClient
from chassis.ids import new_id
from orders.clients.cart import Proof
from orders.clients.payments import AnotherLive, PaymentRequest, Refused
from orders.clients.products import Held, Released, Short
from orders.lifecycle.effects import payment_id
from orders.lifecycle.queries import saga as saga_queries
from orders.main import create_app as create_orders
from orders.settings import Settings as OrdersSettings
from orders.shop import Shop as OrdersShop
from payments.clients.orders import OrdersClient
from payments.desk import Desk
from payments.main import create_app as create_payments
from payments.settings import Settings as PaymentsSettings
from products.main import create_app as create_products
from products.settings import Settings as ProductsSettings
from tests.services.payments.fake_provider import FakeProvider
from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import Databases

Json = dict[str, Any]
MUG = {"name": "Mug", "sku": "MUG", "price": {"amount": 1500, "currency": "EUR"}, "stock": 5}
ADDRESS = {"name": "A", "line1": "B 1", "city": "Berlin", "postal_code": "10115", "country": "DE"}


@dataclass
class Town:
    """Four real services that know each other, and the provider that payments talk to."""

    orders: httpx2.AsyncClient
    cart: httpx2.AsyncClient
    products: httpx2.AsyncClient
    payments: httpx2.AsyncClient
    shop: OrdersShop
    desk: Desk
    provider: FakeProvider
    identities: Identities
    dsn: str
    variant: UUID

    async def fill(self, quantity: int = 2) -> tuple[str, dict[str, str]]:
        """A guest's cart: its id, and the header that opens it."""
        self.cart.cookies.clear()
        answer = await self.cart.post("/cart", json={"sku": "MUG", "quantity": quantity})
        assert answer.status_code == 201, answer.text
        self.cart.cookies.clear()
        return answer.json()["id"], {"x-cart-token": answer.headers["x-cart-token"]}

    async def order(self, quantity: int = 2) -> httpx2.Response:
        cart_id, secret = await self.fill(quantity)
        body = {
            "cart_id": cart_id,
            "email": "guest@example.com",
            "shipping_address": ADDRESS,
            "shipping_method": "standard",
            "payment_method": "card",
        }
        return await self.orders.post("/orders", json=body, headers=secret)

    async def ordered(self) -> Json:
        answer = await self.order()
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def look(self, order: Json, **query: Any) -> Json:
        headers = {"x-order-token": order["order_token"]}
        answer = await self.orders.get(f"/orders/{order['id']}", headers=headers, params=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def settle(self) -> None:
        for _ in range(30):
            for task in list(self.shop.saga._running):
                await task
            connection = await asyncpg.connect(self.dsn)
            due = await connection.fetch(
                "UPDATE orders SET next_at = now() WHERE next_at IS NOT NULL AND lease_token IS NULL"
                " AND (step <> 'awaiting_payment' OR status <> 'pending' OR deadline_at <= now()) RETURNING id"
            )
            await connection.close()
            if not due:
                return
            for lease in await saga_queries.claim(self.shop.db, 50, lease_seconds=30, deaths=99):
                await self.shop.saga.advance(lease)
        raise AssertionError("no rest")

    async def expire(self, order: Json) -> None:
        connection = await asyncpg.connect(self.dsn)
        await connection.execute(
            "UPDATE orders SET deadline_at = now() - interval '1 s' WHERE id = $1", UUID(order["id"])
        )
        await connection.close()
        await self.settle()

    async def available(self) -> int:
        answer = await self.products.get("/products?q=mug")
        return int(answer.json()["items"][0]["available"])

    async def pay_again(self, order: Json) -> httpx2.Response:
        return await self.payments.post(
            "/payments",
            json={"order_id": order["id"], "method": "card"},
            headers={"x-order-token": order["order_token"]},
        )


@pytest.fixture
async def town(
    apps: RunningApps, databases: Databases, identities: Identities, make_settings: Callable[..., Json]
) -> Town:
    dsns = {name: databases.create(name) for name in ("products", "cart", "payments", "orders")}
    products = create_products(ProductsSettings(**make_settings("products", dsns["products"].app)))
    cart = create_cart(
        CartSettings(**make_settings("cart", dsns["cart"].app)), products_transport=apps.transport(products)
    )
    payments = create_payments(
        PaymentsSettings(**make_settings("payments", dsns["payments"].app, workers_inside=False))
    )
    beside = {"products": products, "cart": cart, "payments": payments}
    orders = create_orders(
        OrdersSettings(**make_settings("orders", dsns["orders"].app, workers_inside=False)),
        transports=lambda service: apps.transport(beside[service]),
    )
    clients = {name: await apps.start(app) for name, app in beside.items()}
    talking = await apps.start(orders)
    desk: Desk = payments.state.desk
    provider = FakeProvider()
    await desk.providers["stripe"].aclose()
    desk.providers = {"stripe": provider}
    await desk.orders.aclose()
    news = ServiceClient(
        "orders", "http://orders", minter=identities.minter("payments"), transport=apps.transport(orders)
    )
    desk.orders = OrdersClient(news)
    created = await clients["products"].post(
        "/products", json=MUG, headers=identities.staff_headers("products")
    )
    assert created.status_code == 201, created.text
    variant = UUID(created.json()["variants"][0]["id"])
    shop: OrdersShop = orders.state.shop
    return Town(
        talking, clients["cart"], clients["products"], clients["payments"], shop, desk, provider, identities,
        dsns["orders"].owner, variant,
    )  # fmt: skip


async def test_a_purchase_from_cart_to_captured(town: Town) -> None:
    order = await town.ordered()
    assert order["payment"]["redirect_url"].startswith("https://pay.example/")
    assert await town.available() == 3
    town.provider.pay(UUID(order["payment"]["id"]))
    seen = await town.look(order, wait=5)
    await town.settle()
    seen = await town.look(order)
    assert (seen["status"], seen["payment_status"]) == ("confirmed", "paid")
    assert town.provider.account(UUID(order["payment"]["id"])).snapshot.captured == 3490
    assert await town.available() == 3
    shown = await town.payments.get("/payments", headers={"x-order-token": order["order_token"]})
    assert shown.status_code == 200, shown.text


async def test_the_cart_is_empty_afterwards(town: Town) -> None:
    cart_id, secret = await town.fill()
    cart = await town.shop.carts.read(UUID(cart_id), _proof(secret))
    order_id = new_id()
    await town.shop.carts.clear(order_id, cart.id, [(cart.items[0].variant_id, 1)])
    await town.shop.carts.clear(order_id, cart.id, [(cart.items[0].variant_id, 1)])
    after = await town.shop.carts.read(UUID(cart_id), _proof(secret))
    assert [item.quantity for item in after.items] == [1]
    assert after.version != cart.version
    await town.shop.carts.clear(new_id(), new_id(), [(cart.items[0].variant_id, 1)])


def _proof(secret: dict[str, str]) -> Proof:
    return Proof(cart_token=secret["x-cart-token"])


async def test_short_stock_names_its_lines(town: Town) -> None:
    answer = await town.order(quantity=6)
    assert (answer.status_code, answer.json()["code"]) == (409, "out_of_stock")
    assert answer.json()["lines"] == [
        {"variant_id": str(town.variant), "sku": "MUG", "requested": 6, "available": 5}
    ]


async def test_reservations_answer_as_orders_expects(town: Town) -> None:
    products, order_id, lines = town.shop.products, new_id(), [(town.variant, 2)]
    assert isinstance(await products.hold(order_id, lines, seconds=2700), Held)
    assert isinstance(await products.hold(order_id, lines, seconds=2700), Held)
    assert isinstance(await products.hold(new_id(), [(town.variant, 4)], seconds=2700), Short)
    assert isinstance(await products.allocate(order_id), Held)
    assert isinstance(await products.allocate(order_id), Held)
    await products.release(order_id, reason="customer")
    await products.release(order_id, reason="customer")
    assert isinstance(await products.allocate(order_id), Released)
    assert isinstance(await products.hold(order_id, lines, seconds=2700), Released)
    buried = new_id()
    assert isinstance(await products.allocate(buried), Released)
    await products.release(buried, reason="deadline")
    assert isinstance(await products.hold(buried, lines, seconds=2700), Released)
    assert await town.available() == 5


async def test_payments_answer_as_orders_expects(town: Town) -> None:
    payments, order_id = town.shop.payments, new_id()
    first = payment_id(order_id, 1)
    request = _request(order_id)
    opened = await payments.open(first, request)
    assert not isinstance(opened, Refused | AnotherLive)
    assert (opened.status in ("created", "requires_action"), opened.has_money) == (True, False)
    assert opened.redirect_url
    assert await payments.open(first, request) == opened
    assert isinstance(await payments.open(payment_id(order_id, 2), request), AnotherLive)
    town.provider.pay(first)
    assert (await payments.sync(first)).has_money
    kept = await payments.void(first, only_if_unpaid=True, reason="deadline")
    assert (kept.status, kept.has_money) == ("authorized", True)
    captured = await payments.capture(first, request.amount.money())
    assert not isinstance(captured, Refused)
    assert (captured.status, captured.captured) == ("captured", 3490)
    assert (await payments.void(first, only_if_unpaid=False, reason="customer")).unreturned == 3490
    amount = request.amount.money()
    refund_id = new_id()
    for _ in range(2):
        refund = await payments.refund(refund_id, payment_id=first, amount=amount, reason="customer")
        assert not isinstance(refund, Refused)
        assert refund.status in ("pending", "succeeded")
    assert isinstance(
        await payments.refund(new_id(), payment_id=first, amount=amount, reason="customer"), Refused
    )
    (only,) = (await payments.payable(order_id)).payments
    assert only.unreturned == 0
    assert (await payments.payable(new_id())).payments == []
    buried = payment_id(new_id(), 1)
    assert (await payments.void(buried, only_if_unpaid=True, reason="deadline")).status == "voided"
    assert isinstance(await payments.open(buried, request), Refused)


def _request(order_id: UUID) -> PaymentRequest:
    return PaymentRequest(
        order_id=order_id,
        order_number="7KQ4M2XD",
        amount={"amount": 3490, "currency": "EUR"},
        method="card",
        email="guest@example.com",
        customer_id=None,
        order_token_hash="0" * 64,
        success_url="http://localhost:8000/checkout/x/return",
        cancel_url="http://localhost:8000/checkout/x/return?canceled=1",
        session_seconds=1860,
        locale="en",
    )


async def test_cancelling_before_and_after_payment(town: Town) -> None:
    for paid in (False, True):
        order = await town.ordered()
        headers = {"x-order-token": order["order_token"]}
        if paid:
            town.provider.pay(UUID(order["payment"]["id"]))
            await town.look(order, wait=5)
            await town.settle()
        answer = await town.orders.delete(f"/orders/{order['id']}", headers=headers)
        assert answer.status_code == 202
        await town.settle()
        ended = await town.look(order)
        assert (ended["status"], ended["payment_status"]) == ("canceled", "refunded" if paid else "voided")
        assert await town.available() == 5
        again = await town.pay_again(order)
        assert again.status_code == (200 if paid else 409), "the door is shut"
        assert not paid or again.json()["redirect_url"] is None


async def test_an_expired_order_cannot_be_paid_any_more(town: Town) -> None:
    order = await town.ordered()
    await town.expire(order)
    assert (await town.look(order))["status"] == "expired"
    assert await town.available() == 5
    assert (await town.pay_again(order)).status_code == 409


async def test_even_when_the_attempt_had_failed_before(town: Town) -> None:
    order = await town.ordered()
    first = UUID(order["payment"]["id"])
    town.provider.expire(first)
    await town.shop.payments.sync(first)
    await town.expire(order)
    assert (await town.look(order))["status"] == "expired"
    assert (await town.pay_again(order)).status_code == 409


async def test_a_further_attempt_pays_the_order(town: Town) -> None:
    order = await town.ordered()
    first = UUID(order["payment"]["id"])
    town.provider.expire(first)
    await town.shop.payments.sync(first)
    again = await town.pay_again(order)
    assert again.status_code == 201, again.text
    while town.desk._running:
        await asyncio.gather(*town.desk._running)
        await asyncio.sleep(0)
    await town.settle()
    assert (await town.look(order))["payment"]["id"] == again.json()["id"]
    town.provider.pay(UUID(again.json()["id"]))
    await town.look(order, wait=5)
    await town.settle()
    seen = await town.look(order)
    assert (seen["status"], seen["payment_status"]) == ("confirmed", "paid")
