"""Events: listed, signed as Stripe signs, sent until taken, over restarts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stripe

from sandbox.events.deliveries import back_off
from tests.services.sandbox.running import SECRET, Receiver, RunningSandbox, RunningServer, wait_until

Clients = Callable[..., stripe.StripeClient]
Make = Callable[..., dict[str, Any]]


async def test_a_payment_tells_its_whole_story(
    sending: RunningSandbox, receiver: Receiver, client_of: Clients, make_session: Make
) -> None:
    psp: Any = client_of(sending).v1
    session = await psp.checkout.sessions.create_async(params=make_session())
    sending.pay(session, "4000000000000002")
    bank = sending.pay(session, "4000002500003155").headers["location"]
    sending.http.post(bank, data={"answer": "approve"})
    intent = (await psp.checkout.sessions.retrieve_async(session.id)).payment_intent
    await psp.payment_intents.capture_async(intent, options={"idempotency_key": "pay:1:capture"})
    await psp.refunds.create_async(params={"payment_intent": intent, "amount": 100})
    story = [
        "payment_intent.payment_failed",
        "payment_intent.requires_action",
        "payment_intent.amount_capturable_updated",
        "checkout.session.completed",
        "payment_intent.succeeded",
        "refund.created",
        "charge.refunded",
    ]
    assert [event.type for event in (await psp.events.list_async()).data] == story[::-1]
    wait_until(lambda: len(receiver.received) == len(story))
    assert sorted(receiver.types()) == sorted(story)

    by_type = {event.type: event for event in receiver.events()}
    completed = by_type["checkout.session.completed"].data.object
    assert (completed.id, completed.status, completed.payment_intent) == (session.id, "complete", intent)
    assert completed.metadata.to_dict() == {"payment_id": "p-1"}
    succeeded = by_type["payment_intent.succeeded"]
    assert succeeded.data.object.amount_received == 5400
    assert succeeded.request.idempotency_key == "pay:1:capture"
    kept = await psp.events.retrieve_async(succeeded.id)
    assert kept.data.object.to_dict() == succeeded.data.object.to_dict()


async def test_an_event_is_what_was_true_when_it_happened(sandbox: RunningSandbox, psp: Any) -> None:
    intent = await psp.payment_intents.create_async(
        params={
            "amount": 500,
            "currency": "eur",
            "capture_method": "manual",
            "payment_method": "pm_card_visa",
            "confirm": True,
        }
    )
    await psp.payment_intents.cancel_async(intent.id)
    found = await psp.events.list_async(params={"type": "payment_intent.amount_capturable_updated"})
    assert [event.data.object.status for event in found.data] == ["requires_capture"]
    found = await psp.events.list_async(params={"types": ["payment_intent.canceled", "charge.refunded"]})
    assert [event.data.object.status for event in found.data] == ["canceled"]


async def test_expiry_by_the_clock_is_told(
    sending: RunningSandbox, receiver: Receiver, client_of: Clients, make_session: Make
) -> None:
    session = await client_of(sending).v1.checkout.sessions.create_async(params=make_session())  # type: ignore[arg-type]  # the fixture's plain dict
    sending.advance(24 * 3600 + 1)
    wait_until(lambda: len(receiver.received) == 1)
    assert [(event.type, event.data.object.id) for event in receiver.events()] == [
        ("checkout.session.expired", session.id)
    ]


async def test_a_failing_receiver_is_asked_again_later(
    sending: RunningSandbox, receiver: Receiver, client_of: Clients
) -> None:
    receiver.answers = [500, 302]
    await _take_money(client_of(sending))
    for attempts, pause in ((1, 2), (2, 10), (3, 0)):
        wait_until(lambda: len(receiver.received) == attempts)  # noqa: B023  # used up in this round
        wait_until(lambda: _delivery(sending)["attempts"] == attempts)  # noqa: B023  # used up in this round
        assert _delivery(sending)["state"] == ("delivered" if attempts == 3 else "pending")
        sending.advance(pause or 100_000)
    assert len({event.id for event in receiver.events()}) == 1
    assert len({header for _, header in receiver.received}) >= 1
    assert _delivery(sending)["last_status"] == 200


async def test_an_event_nobody_takes_is_given_up_after_three_days(
    tmp_path: Path, client_of: Clients, free_port: int
) -> None:
    running = RunningSandbox(tmp_path / "db", webhook_url=f"http://127.0.0.1:{free_port}/")
    running.start()
    try:
        await _take_money(client_of(running))
        for attempts in range(1, 20):
            wait_until(lambda: _delivery(running)["attempts"] >= attempts)  # noqa: B023  # used up in this round
            if _delivery(running)["state"] == "given_up":
                break
            running.advance(int(back_off(attempts)) + 1)
        assert _delivery(running)["state"] == "given_up"
        assert _delivery(running)["last_error"] == "ClientConnectorError"
        assert attempts > 10
    finally:
        running.close()


async def test_what_was_not_sent_is_sent_after_a_restart(tmp_path: Path, client_of: Clients) -> None:
    server, receiver = RunningServer(), Receiver()
    running = RunningSandbox(tmp_path / "db", webhook_url=f"{server.origin}/webhooks/stripe")
    running.start()
    await _take_money(client_of(running))
    wait_until(lambda: _delivery(running)["attempts"] == 1)
    running.stop()
    server.start(receiver.app())
    running.start()
    running.advance(3)
    wait_until(lambda: receiver.types() == ["payment_intent.succeeded"])
    running.close()
    server.stop()


async def test_redelivery_sends_the_same_event_again(
    sending: RunningSandbox, receiver: Receiver, client_of: Clients
) -> None:
    await _take_money(client_of(sending))
    wait_until(lambda: _delivery(sending)["state"] == "delivered")
    event = receiver.events()[0].id
    assert sending.levers.post(f"/events/{event}/redeliver").status_code == 202
    wait_until(lambda: len(receiver.received) == 2)
    assert [event.id for event in receiver.events()] == [event, event]
    assert sending.levers.post("/events/evt_none/redeliver").status_code == 404


async def test_only_subscribed_events_are_sent(tmp_path: Path, client_of: Clients) -> None:
    server, receiver = RunningServer(), Receiver()
    server.start(receiver.app())
    running = RunningSandbox(
        tmp_path / "db",
        webhook_url=f"{server.origin}/webhooks/stripe",
        webhook_events="refund.created, checkout.session.completed",
    )
    running.start()
    intent = await _take_money(client_of(running))
    await client_of(running).v1.refunds.create_async(params={"payment_intent": intent.id})
    wait_until(lambda: _delivery(running)["state"] == "delivered")
    assert receiver.types() == ["refund.created"]
    assert len((await client_of(running).v1.events.list_async()).data) == 3
    running.close()
    server.stop()


def test_a_wrong_secret_does_not_verify(sending: RunningSandbox, receiver: Receiver) -> None:
    sending.http.post(
        "/v1/payment_intents",
        data={"amount": "100", "currency": "eur", "payment_method": "pm_card_visa", "confirm": "true"},
        headers=sending.levers.headers,
    )
    wait_until(lambda: len(receiver.received) == 1)
    body, header = receiver.received[0]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, header, SECRET + "x")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body + b" ", header, SECRET)


async def _take_money(client: stripe.StripeClient) -> Any:
    return await client.v1.payment_intents.create_async(
        params={"amount": 700, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True}
    )


def _delivery(running: RunningSandbox) -> Any:
    found = running.levers.get("/deliveries", params={"limit": 1}).raise_for_status().json()["items"]
    return found[0]
