"""A sandbox on a real server for each test, and the real Stripe SDK to speak to it."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import stripe

from tests.services.sandbox.running import API_KEY, Receiver, RunningSandbox, RunningServer


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[RunningSandbox]:
    """A sandbox that sends no webhooks."""
    running = RunningSandbox(tmp_path / "sandbox.sqlite3")
    running.start()
    yield running
    running.close()


@pytest.fixture
def receiver() -> Receiver:
    """What the webhook receives, and what it answers."""
    return Receiver()


@pytest.fixture
def sending(tmp_path: Path, receiver: Receiver) -> Iterator[RunningSandbox]:
    """A sandbox that sends its events to `receiver`."""
    server = RunningServer()
    server.start(receiver.app())
    running = RunningSandbox(tmp_path / "sandbox.sqlite3", webhook_url=f"{server.origin}/webhooks/stripe")
    running.start()
    yield running
    running.close()
    server.stop()


@pytest.fixture
async def connections() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        yield session


@pytest.fixture
def client_of(connections: aiohttp.ClientSession) -> Callable[..., stripe.StripeClient]:
    """The asynchronous Stripe client for a running sandbox, as payments makes it."""

    def make(running: RunningSandbox, *, key: str = API_KEY) -> stripe.StripeClient:
        return stripe.StripeClient(
            key,
            base_addresses={"api": running.server.origin},
            http_client=stripe.AIOHTTPClient(session=connections),
            max_network_retries=0,
        )

    return make


@pytest.fixture
def psp(sandbox: RunningSandbox, client_of: Callable[..., stripe.StripeClient]) -> Any:
    """`client.v1` of the SDK, speaking to `sandbox`."""
    return client_of(sandbox).v1


@pytest.fixture
def make_session() -> Callable[..., dict[str, Any]]:
    """Parameters of a Checkout Session over 54.00 EUR with manual capture; keywords replace or add."""

    def make(**changes: Any) -> dict[str, Any]:
        return {
            "mode": "payment",
            "line_items": [
                {
                    "price_data": {
                        "currency": "eur",
                        "unit_amount": 2500,
                        "product_data": {"name": "Teapot", "description": "Blue"},
                    },
                    "quantity": 2,
                },
                {
                    "price_data": {
                        "currency": "eur",
                        "unit_amount": 400,
                        "product_data": {"name": "Delivery"},
                    },
                    "quantity": 1,
                },
            ],
            "payment_intent_data": {"capture_method": "manual", "metadata": {"payment_id": "p-1"}},
            "metadata": {"payment_id": "p-1"},
            "client_reference_id": "order-1",
            "success_url": "http://shop.test/return?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://shop.test/return?canceled=1",
            **changes,
        }

    return make
