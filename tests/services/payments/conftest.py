"""The payments service on real PostgreSQL, with a provider that has bad days and an orders service that listens."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4, uuid5

import asyncpg
import httpx2
import pytest

from chassis.auth import TokenMinter
from chassis.http import ServiceClient
from payments.attempts import finishing
from payments.attempts import queries as attempt_queries
from payments.clients.orders import OrdersClient
from payments.desk import Desk
from payments.main import create_app
from payments.news import queries as news_queries
from payments.news.sending import send_again
from payments.refunds import queries as refund_queries
from payments.refunds import service as refunds
from payments.settings import Settings
from tests.services.payments.fake_provider import FakeProvider
from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import Databases, TestDatabase

DUE = {"amount": 1999, "currency": "EUR"}
GUEST_TOKEN = "guest-token-of-more-than-16-characters"
GUEST_HASH = hashlib.sha256(GUEST_TOKEN.encode()).hexdigest()


class Orders:
    """Takes news, or is down."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        """(type, payment id) of each new event, in order."""
        self.seen: set[str] = set()
        self.sends = 0
        self.status = 204

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.sends += 1
        if self.status == 204:
            event_id = request.url.path.rsplit("/", 1)[-1]
            body = json.loads(request.content)
            if event_id not in self.seen:
                self.seen.add(event_id)
                self.heard.append((body["type"], body["payment_id"]))
        return httpx2.Response(self.status, json={"code": "nope"} if self.status >= 400 else None)

    def types(self) -> list[str]:
        return [kind for kind, _ in self.heard]


@dataclass
class Shop:
    """Everything a test of payments needs."""

    client: httpx2.AsyncClient
    desk: Desk
    provider: FakeProvider
    orders: Orders
    db: asyncpg.Connection
    identities: Identities
    database: TestDatabase
    customer: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        self.service = self.identities.service_headers("orders", "payments")
        self.me = self.identities.customer_headers("payments", self.customer)
        self.staff = self.identities.staff_headers("payments")

    # what orders does

    def terms(self, order_id: UUID, **changes: Any) -> dict[str, Any]:
        return {
            "order_id": str(order_id),
            "order_number": "7KQ4M2XD",
            "amount": DUE,
            "method": "card",
            "email": "anna@example.com",
            "customer_id": str(self.customer),
            "order_token_hash": None,
            "success_url": "http://localhost:8000/checkout/x/return",
            "cancel_url": "http://localhost:8000/checkout/x/return?canceled=1",
            "session_seconds": 1860,
            "locale": "en",
            **changes,
        }

    async def put(self, path: str, body: Any) -> httpx2.Response:
        return await self.client.put(f"/internal{path}", json=body, headers=self.service)

    async def open(self, order_id: UUID | None = None, **changes: Any) -> UUID:
        """A payment that waits for the shopper."""
        order_id = order_id or uuid4()
        payment_id = uuid5(order_id, "1")
        answer = await self.put(f"/payments/{payment_id}", self.terms(order_id, **changes))
        assert answer.status_code == 200, answer.text
        return payment_id

    async def authorized(self, order_id: UUID | None = None, **changes: Any) -> UUID:
        payment_id = await self.open(order_id, **changes)
        self.provider.pay(payment_id)
        fact = await self.sync(payment_id)
        assert fact["status"] == "authorized"
        return payment_id

    async def captured(self, order_id: UUID | None = None, **changes: Any) -> UUID:
        payment_id = await self.authorized(order_id, **changes)
        answer = await self.capture(payment_id)
        assert answer.status_code == 200, answer.text
        return payment_id

    async def sync(self, payment_id: UUID) -> dict[str, Any]:
        answer = await self.put(f"/payments/{payment_id}/sync", {})
        fact: dict[str, Any] = answer.json()
        return fact

    async def capture(self, payment_id: UUID) -> httpx2.Response:
        return await self.put(f"/payments/{payment_id}/capture", {"amount": DUE})

    async def void(self, payment_id: UUID, *, only_if_unpaid: bool = False) -> httpx2.Response:
        body = {"only_if_unpaid": only_if_unpaid, "reason": "test"}
        return await self.put(f"/payments/{payment_id}/void", body)

    async def refund(self, refund_id: UUID, payment_id: UUID, amount: int) -> httpx2.Response:
        body = {
            "payment_id": str(payment_id),
            "amount": {"amount": amount, "currency": "EUR"},
            "reason": "returned",
        }
        return await self.put(f"/refunds/{refund_id}", body)

    # what the provider does

    async def webhook(self, event_id: str = "", **said: Any) -> httpx2.Response:
        body = json.dumps({"id": event_id or f"evt_{uuid4()}", **said}, default=str)
        return await self.client.post(
            "/webhooks/stripe", content=body, headers={"stripe-signature": said.pop("signature", "good")}
        )

    # what the loop does

    async def let_time_pass(self) -> None:
        """Every lease and pause is over."""
        await self.db.execute("UPDATE payments SET next_at = now() WHERE next_at IS NOT NULL")
        await self.db.execute("UPDATE refunds SET next_at = now() WHERE next_at IS NOT NULL")
        await self.db.execute("UPDATE news SET next_at = now() WHERE done_at IS NULL")

    async def work(self) -> int:
        """The loops have done what is due; how many rows that was."""
        await self.settled()
        payments = await attempt_queries.claim(self.desk.db, 100, lease=30)
        for lease in payments:
            await finishing.finish(self.desk, lease)
        due_refunds = await refund_queries.claim(self.desk.db, 100, lease=30)
        for refund_id in due_refunds:
            await refunds.finish(self.desk, refund_id)
        await self.settled()
        news = await news_queries.claim(self.desk.db, 100)
        for message, attempts in news:
            await send_again(self.desk.db, self.desk.orders, message, attempts=attempts)
        return len(payments) + len(due_refunds) + len(news)

    async def settled(self) -> None:
        """Nothing runs behind anybody's back any more."""
        while self.desk._running:
            await asyncio.gather(*self.desk._running)
            await asyncio.sleep(0)

    # what stands in the books

    async def row(self, payment_id: UUID) -> asyncpg.Record:
        found = await self.db.fetchrow("SELECT * FROM payments WHERE id = $1", payment_id)
        assert found is not None
        return found

    async def operations(self, payment_id: UUID) -> list[tuple[str, str]]:
        rows = await self.db.fetch(
            "SELECT kind, status FROM payment_operations WHERE payment_id = $1 ORDER BY created_at, id",
            payment_id,
        )
        return [(row["kind"], row["status"]) for row in rows]

    async def balances(self) -> dict[str, int]:
        rows = await self.db.fetch(
            "SELECT account, sum(amount)::bigint AS amount FROM ledger_entries GROUP BY 1 HAVING sum(amount) <> 0"
        )
        return {row["account"]: row["amount"] for row in rows}

    async def assert_books_agree(self) -> None:
        """Ledger = payments = provider, each operation's transaction balances, nothing open is forgotten."""
        sums = await self.db.fetchrow(
            "SELECT coalesce(sum(captured_amount), 0)::bigint AS captured, coalesce(sum(refunded_amount), 0)::bigint AS refunded,"
            " coalesce(sum(refund_reserved_amount), 0)::bigint AS reserved FROM payments"
        )
        assert sums is not None
        balances = await self.balances()
        assert balances.get("provider_clearing", 0) == sums["captured"] - sums["refunded"]
        assert balances.get("orders_paid", 0) == -(sums["captured"] - sums["reserved"])
        assert balances.get("refunds_pending", 0) == -(sums["reserved"] - sums["refunded"])
        unbalanced = await self.db.fetchval(
            "SELECT count(*) FROM (SELECT transaction_id FROM ledger_entries GROUP BY transaction_id, currency HAVING sum(amount) <> 0) x"
        )
        assert unbalanced == 0
        at_provider = sum(each.snapshot.captured for each in self.provider.accounts.values())
        back = sum(
            refund.amount.amount
            for each in self.provider.accounts.values()
            for refund in each.refunds.values()
            if refund.status == "succeeded"
        )
        assert (sums["captured"], sums["refunded"]) == (at_provider, back)


@pytest.fixture
async def shop(
    apps: RunningApps,
    databases: Databases,
    identities: Identities,
    make_settings: Callable[..., dict[str, Any]],
) -> AsyncIterator[Shop]:
    database = databases.create("payments")
    app = create_app(Settings(**make_settings("payments", database.app, workers_inside=False)))
    client = await apps.start(app)
    desk: Desk = app.state.desk
    provider, orders = FakeProvider(), Orders()
    await desk.providers["stripe"].aclose()
    desk.providers = {"stripe": provider}
    await desk.orders.aclose()
    desk.orders = OrdersClient(
        ServiceClient(
            "orders",
            "http://orders",
            minter=TokenMinter("payments", identities.key("payments")),
            transport=httpx2.MockTransport(orders.answer),
        )
    )
    db = await asyncpg.connect(database.app)
    yield Shop(client, desk, provider, orders, db, identities, database)
    await db.close()
