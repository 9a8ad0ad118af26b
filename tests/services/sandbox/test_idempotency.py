"""Idempotency keys: one key, one effect, one answer."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.services.sandbox.running import API_KEY, RunningSandbox

PARAMS = {"amount": 1000, "currency": "eur"}


async def test_the_same_key_replays_the_first_answer(psp: Any, sandbox: RunningSandbox) -> None:
    options = {"idempotency_key": "pay:1:create"}
    first = await psp.payment_intents.create_async(params=PARAMS, options=options)
    again = await psp.payment_intents.create_async(params=PARAMS, options=options)
    assert again.id == first.id
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert again.last_response.headers["Original-Request"] == first.last_response.headers["Request-Id"]
    assert len(sandbox.ledger()["intents"]) == 1


async def test_the_same_key_with_other_parameters_is_refused(psp: Any, sandbox: RunningSandbox) -> None:
    options = {"idempotency_key": "k"}
    await psp.payment_intents.create_async(params=PARAMS, options=options)
    with pytest.raises(stripe.IdempotencyError) as refused:
        await psp.payment_intents.create_async(params={**PARAMS, "amount": 1}, options=options)
    assert refused.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError):
        await psp.refunds.create_async(params={"charge": "ch_x"}, options=options)
    assert [intent["amount"] for intent in sandbox.ledger()["intents"]] == [1000]


async def test_a_decline_is_replayed_too_and_tried_once(psp: Any) -> None:
    params = {**PARAMS, "payment_method": "pm_card_chargeDeclined", "confirm": True}
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refused:
            await psp.payment_intents.create_async(params=params, options={"idempotency_key": "k"})
    assert refused.value.headers is not None
    assert refused.value.headers["Idempotent-Replayed"] == "true"
    assert len((await psp.charges.list_async()).data) == 1


async def test_a_refusal_by_state_is_remembered(psp: Any) -> None:
    intent = await psp.payment_intents.create_async(params=PARAMS)
    for replayed in (None, "true"):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await psp.payment_intents.capture_async(intent.id, options={"idempotency_key": "capture"})
        assert refused.value.headers is not None
        assert refused.value.headers.get("Idempotent-Replayed") == replayed


async def test_wrong_parameters_do_not_use_up_the_key(psp: Any) -> None:
    options = {"idempotency_key": "k"}
    with pytest.raises(stripe.InvalidRequestError):
        await psp.payment_intents.create_async(params={"amount": 0, "currency": "eur"}, options=options)
    assert (await psp.payment_intents.create_async(params=PARAMS, options=options)).amount == 1000


async def test_a_key_is_forgotten_after_a_day(psp: Any, sandbox: RunningSandbox) -> None:
    options = {"idempotency_key": "k"}
    first = await psp.payment_intents.create_async(params=PARAMS, options=options)
    sandbox.advance(24 * 3600 - 60)
    assert (await psp.payment_intents.create_async(params=PARAMS, options=options)).id == first.id
    sandbox.advance(61)
    assert (await psp.payment_intents.create_async(params=PARAMS, options=options)).id != first.id


async def test_a_key_survives_a_restart(psp: Any, sandbox: RunningSandbox) -> None:
    options = {"idempotency_key": "k"}
    first = await psp.payment_intents.create_async(params=PARAMS, options=options)
    sandbox.restart()
    assert (await psp.payment_intents.create_async(params=PARAMS, options=options)).id == first.id


def test_a_key_in_flight_is_refused_until_its_answer(sandbox: RunningSandbox) -> None:
    body = b"amount=1000&currency=eur"
    head = (
        f"POST /v1/payment_intents HTTP/1.1\r\nHost: sandbox\r\nAuthorization: Bearer {API_KEY}\r\n"
        f"Idempotency-Key: slow\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()

    def ask() -> Any:
        return sandbox.http.post(
            "/v1/payment_intents",
            content=body,
            headers={
                "Authorization": f"Bearer {API_KEY}",
                "Idempotency-Key": "slow",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )

    with socket.create_connection(("127.0.0.1", sandbox.server.port)) as slow:
        slow.sendall(head + body[:5])
        # Another connection, answered after the slow one's head has been read.
        sandbox.http.get("/healthz")
        refused = ask()
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "idempotency_key_in_use"
        slow.sendall(body[5:])
        assert b" 200 OK" in slow.recv(65536)
    replayed = ask()
    assert (replayed.status_code, replayed.headers["Idempotent-Replayed"]) == (200, "true")
    assert len(sandbox.ledger()["intents"]) == 1


async def test_another_api_key_opens_nothing(
    sandbox: RunningSandbox, client_of: Callable[..., stripe.StripeClient]
) -> None:
    stranger = client_of(sandbox, key="sk_test_other")
    with pytest.raises(stripe.AuthenticationError):
        await stranger.v1.payment_intents.create_async(params={"amount": 1000, "currency": "eur"})
    assert sandbox.ledger()["intents"] == []
