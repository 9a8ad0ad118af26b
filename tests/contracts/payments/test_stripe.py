"""Payments and the sandbox, both on real servers, with Stripe's own SDK between them and signed webhooks back."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx2
import pytest
import stripe
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from payments.main import create_app
from payments.settings import Settings
from tests.services.sandbox.running import SECRET, RunningSandbox, RunningServer, wait_until
from tests.support.identities import Identities
from tests.support.postgres import Databases

DUE = {"amount": 5400, "currency": "EUR"}
DECLINED = "4000000000000002"
ASKS = "4000002500003155"


class House:
    """Payments, the sandbox and an orders service that only listens."""

    def __init__(self, sandbox: RunningSandbox, payments: RunningServer, headers: dict[str, str]) -> None:
        self.sandbox = sandbox
        self.payments = payments
        self.news: list[str] = []
        self.http = httpx2.Client(base_url=payments.origin, timeout=10, verify=False, headers=headers)

    def put(self, path: str, body: Any) -> httpx2.Response:
        return self.http.put(f"/internal{path}", json=body)

    def open(self, **changes: Any) -> UUID:
        order_id = uuid4()
        payment_id = uuid5(order_id, "1")
        terms = {
            "order_id": str(order_id),
            "order_number": "7KQ4M2XD",
            "amount": DUE,
            "method": "card",
            "email": "anna@example.com",
            "customer_id": None,
            "order_token_hash": None,
            "success_url": "http://localhost:8000/checkout/x/return",
            "cancel_url": "http://localhost:8000/checkout/x/return?canceled=1",
            "session_seconds": 1860,
            "locale": "ru",
            **changes,
        }
        answer = self.put(f"/payments/{payment_id}", terms)
        assert answer.status_code == 200, answer.text
        return payment_id

    def fact(self, payment_id: UUID) -> Any:
        return self.put(f"/payments/{payment_id}/sync", {}).json()

    def pay(self, payment_id: UUID, number: str = "4242424242424242") -> httpx2.Response:
        session = SimpleNamespace(id=self.fact(payment_id)["redirect_url"].rsplit("/", 1)[1])
        return self.sandbox.pay(session, number)

    def hears(self, *types: str) -> None:
        wait_until(lambda: self.news == list(types))

    def intent(self, payment_id: UUID) -> Any:
        (found,) = [
            each
            for each in self.sandbox.ledger()["intents"]
            if each["metadata"]["payment_id"] == str(payment_id)
        ]
        return found


@pytest.fixture
def house(
    tmp_path: Path, databases: Databases, identities: Identities, make_settings: Callable[..., dict[str, Any]]
) -> Iterator[House]:
    payments, orders = RunningServer(), RunningServer()
    sandbox = RunningSandbox(tmp_path / "psp.sqlite3", webhook_url=f"{payments.origin}/webhooks/stripe")
    house = House(sandbox, payments, identities.service_headers("orders", "payments"))

    async def listen(request: Request) -> Response:
        house.news.append(json.loads(await request.body())["type"])
        return Response(status_code=204)

    orders.start(Starlette(routes=[Route("/internal/events/{id}", listen, methods=["PUT"])]))
    sandbox.start()
    settings = make_settings(
        "payments",
        databases.create("payments").app,
        stripe_api_base=sandbox.server.origin,
        stripe_webhook_secrets=f"whsec_next_one,{SECRET}",
        orders_url=orders.origin,
        loop_seconds=0.05,
    )
    payments.start(create_app(Settings(**settings)))
    yield house
    house.http.close()
    payments.stop()
    sandbox.close()
    orders.stop()


def test_paid_then_captured_then_refunded(house: House) -> None:
    payment_id = house.open()
    assert house.pay(payment_id).headers["location"] == "http://localhost:8000/checkout/x/return"
    house.hears("payment.authorized")
    assert house.intent(payment_id)["status"] == "requires_capture"
    captured = house.put(f"/payments/{payment_id}/capture", {"amount": DUE})
    assert (captured.status_code, captured.json()["captured"]) == (200, 5400)
    assert (house.intent(payment_id)["status"], house.intent(payment_id)["amount_received"]) == (
        "succeeded",
        5400,
    )
    body = {
        "payment_id": str(payment_id),
        "amount": {"amount": 1400, "currency": "EUR"},
        "reason": "returned",
    }
    refund_id = uuid4()
    for _ in range(2):
        refund = house.put(f"/refunds/{refund_id}", body)
        assert (refund.status_code, refund.json()["status"]) == (200, "succeeded")
    assert house.intent(payment_id)["amount_refunded"] == 1400
    fact = house.fact(payment_id)
    assert (fact["captured"], fact["refund_reserved"], fact["refunded"]) == (5400, 1400, 1400)
    wait_until(lambda: not [each for each in deliveries(house) if each["state"] == "pending"])
    assert house.news == ["payment.authorized"]


def test_declined_then_paid_with_another_card_on_the_same_page(house: House) -> None:
    payment_id = house.open()
    assert "#payment" in house.pay(payment_id, DECLINED).headers["location"]
    fact = house.fact(payment_id)
    assert (fact["status"], fact["authorized"]) == ("requires_action", 0)
    house.pay(payment_id)
    house.hears("payment.authorized")


def test_the_bank_asks_first(house: House) -> None:
    payment_id = house.open()
    bank = house.pay(payment_id, ASKS).headers["location"]
    assert house.fact(payment_id)["status"] == "requires_action"
    house.sandbox.http.post(bank, data={"answer": "approve"})
    house.hears("payment.authorized")


def test_a_voided_payment_cannot_be_paid(house: House) -> None:
    payment_id = house.open()
    body = {"only_if_unpaid": True, "reason": "deadline"}
    url = house.fact(payment_id)["redirect_url"]
    assert house.put(f"/payments/{payment_id}/void", body).json()["status"] == "voided"
    assert house.sandbox.http.get(url).status_code == 410
    house.sandbox.pay(SimpleNamespace(id=url.rsplit("/", 1)[1]))
    assert house.fact(payment_id)["status"] == "voided"


def test_an_authorization_is_given_back(house: House) -> None:
    payment_id = house.open()
    house.pay(payment_id)
    house.hears("payment.authorized")
    kept = house.put(f"/payments/{payment_id}/void", {"only_if_unpaid": True, "reason": "deadline"})
    assert kept.json()["status"] == "authorized"
    gone = house.put(f"/payments/{payment_id}/void", {"only_if_unpaid": False, "reason": "canceled"})
    assert (gone.status_code, gone.json()["status"]) == (200, "voided")
    assert house.intent(payment_id)["status"] == "canceled"


def test_a_void_waits_for_a_provider_that_is_away(house: House) -> None:
    payment_id = house.open()
    house.sandbox.stop()
    assert (
        house.put(f"/payments/{payment_id}/void", {"only_if_unpaid": True, "reason": "deadline"}).status_code
        == 202
    )
    house.sandbox.start()
    wait_until(lambda: house.fact(payment_id)["status"] == "voided")


def test_an_abandoned_session_fails_by_itself(house: House) -> None:
    payment_id = house.open()
    house.sandbox.advance(1900)
    house.hears("payment.failed")
    assert house.fact(payment_id)["status"] == "failed"


def test_a_provider_that_is_away_is_asked_again_by_the_loop(house: House) -> None:
    house.sandbox.stop()
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    terms = {
        "order_id": str(order_id),
        "order_number": "7KQ4M2XD",
        "amount": DUE,
        "method": "card",
        "email": "anna@example.com",
        "customer_id": None,
        "order_token_hash": None,
        "success_url": "http://localhost:8000/r",
        "cancel_url": "http://localhost:8000/r",
        "session_seconds": 1860,
        "locale": "en",
    }
    away = house.put(f"/payments/{payment_id}", terms)
    assert (away.status_code, away.json()["redirect_url"]) == (202, None)
    house.sandbox.start()
    wait_until(lambda: house.put(f"/payments/{payment_id}", terms).status_code == 200)
    assert len(house.sandbox.ledger()["sessions"]) == 1


def test_an_amount_that_the_provider_refuses(house: House) -> None:
    order_id = uuid4()
    terms = {
        "order_id": str(order_id),
        "order_number": "7KQ4M2XD",
        "amount": {"amount": 10**9, "currency": "EUR"},
        "method": "card",
        "email": "anna@example.com",
        "customer_id": None,
        "order_token_hash": None,
        "success_url": "http://localhost:8000/r",
        "cancel_url": "http://localhost:8000/r",
        "session_seconds": 1860,
        "locale": "en",
    }
    answer = house.put(f"/payments/{uuid5(order_id, '1')}", terms)
    assert (answer.status_code, answer.json()["code"]) == (409, "provider_refused")


@pytest.mark.parametrize(
    ("secret", "age", "status"),
    [
        (SECRET, 0, 200),
        ("whsec_next_one", 0, 200),
        (SECRET, 250, 200),
        (SECRET, 310, 400),
        (SECRET, -310, 400),
        ("whsec_old", 0, 400),
    ],
)
def test_signatures(house: House, secret: str, age: int, status: int) -> None:
    body = json.dumps(
        {
            "id": f"evt_{uuid4()}",
            "object": "event",
            "type": "payment_intent.succeeded",
            "data": {"object": {"id": "pi_1", "object": "payment_intent", "status": "succeeded"}},
        }
    )
    header = stripe.WebhookSignature.generate_signature_header(body, secret, int(time.time()) - age)
    answer = httpx2.post(
        f"{house.payments.origin}/webhooks/stripe", content=body, headers={"stripe-signature": header}
    )
    assert answer.status_code == status


@pytest.mark.parametrize(
    "header", ["", "t=1", "v1=00", "t=x,v1=00", "t=1,v1=é", "nonsense", "t=99999999999999999999,v1=0"]
)
def test_nonsense_instead_of_a_signature(house: House, header: str) -> None:
    for body in (b"{}", b"\xff", b""):
        answer = httpx2.post(
            f"{house.payments.origin}/webhooks/stripe",
            content=body,
            headers={b"stripe-signature": header.encode("latin-1")},
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_signature")


def test_one_changed_byte_is_refused(house: House) -> None:
    body = b'{"id":"evt_1","type":"x","data":{"object":{"id":"pi_1","object":"payment_intent"}}}'
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), SECRET)
    answer = httpx2.post(
        f"{house.payments.origin}/webhooks/stripe",
        content=body.replace(b"evt_1", b"evt_2"),
        headers={"stripe-signature": header},
    )
    assert answer.status_code == 400


def deliveries(house: House) -> Any:
    return house.sandbox.levers.get("/deliveries").json()["items"]
