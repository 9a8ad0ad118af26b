"""Checkout Sessions through the real SDK: made, paid on the page, expired by call and by the clock."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.services.sandbox.running import RunningSandbox

Make = Callable[..., dict[str, Any]]


async def test_a_new_session_is_open_and_has_no_intent_yet(
    psp: Any, sandbox: RunningSandbox, make_session: Make
) -> None:
    session = await psp.checkout.sessions.create_async(params=make_session(customer_email="ann@example.com"))
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency) == (5400, "eur")
    assert session.url == f"{sandbox.server.origin}/pay/{session.id}"
    assert (session.client_reference_id, session.customer_email) == ("order-1", "ann@example.com")
    assert session.metadata.to_dict() == {"payment_id": "p-1"}


async def test_paying_authorizes_and_completes_the_session(
    psp: Any, sandbox: RunningSandbox, make_session: Make
) -> None:
    session = await psp.checkout.sessions.create_async(params=make_session())
    paid = sandbox.pay(session)
    assert paid.status_code == 303
    assert paid.headers["location"] == f"http://shop.test/return?session={session.id}"

    found = await psp.checkout.sessions.retrieve_async(
        session.id, params={"expand": ["payment_intent.latest_charge", "line_items"]}
    )
    assert (found.status, found.payment_status, found.url) == ("complete", "unpaid", None)
    intent = found.payment_intent
    assert (intent.status, intent.amount, intent.amount_capturable, intent.amount_received) == (
        "requires_capture",
        5400,
        5400,
        0,
    )
    assert intent.metadata.to_dict() == {"payment_id": "p-1"}
    assert intent.latest_charge.payment_method_details.card.last4 == "4242"
    assert [(line.description, line.quantity, line.amount_total) for line in found.line_items.data] == [
        ("Teapot", 2, 5000),
        ("Delivery", 1, 400),
    ]


async def test_capture_makes_the_session_paid(psp: Any, sandbox: RunningSandbox, make_session: Make) -> None:
    session = await psp.checkout.sessions.create_async(params=make_session())
    sandbox.pay(session)
    found = await psp.checkout.sessions.retrieve_async(session.id)
    captured = await psp.payment_intents.capture_async(found.payment_intent)
    assert (captured.status, captured.amount_capturable, captured.amount_received) == ("succeeded", 0, 5400)
    assert (await psp.checkout.sessions.retrieve_async(session.id)).payment_status == "paid"


async def test_automatic_capture_takes_the_money_at_once(
    psp: Any, sandbox: RunningSandbox, make_session: Make
) -> None:
    session = await psp.checkout.sessions.create_async(params=make_session(payment_intent_data={}))
    sandbox.pay(session)
    found = await psp.checkout.sessions.retrieve_async(session.id, params={"expand": ["payment_intent"]})
    assert (found.status, found.payment_status) == ("complete", "paid")
    assert (found.payment_intent.status, found.payment_intent.amount_received) == ("succeeded", 5400)


async def test_a_decline_leaves_the_session_open_for_another_card(
    psp: Any, sandbox: RunningSandbox, make_session: Make
) -> None:
    session = await psp.checkout.sessions.create_async(params=make_session())
    declined = sandbox.pay(session, "4000000000009995")
    assert declined.headers["location"] == f"/pay/{session.id}#payment"
    found = await psp.checkout.sessions.retrieve_async(session.id, params={"expand": ["payment_intent"]})
    first = found.payment_intent
    assert (found.status, first.status) == ("open", "requires_payment_method")
    assert first.last_payment_error.decline_code == "insufficient_funds"

    sandbox.pay(session)
    found = await psp.checkout.sessions.retrieve_async(session.id, params={"expand": ["payment_intent"]})
    assert (found.status, found.payment_intent.id, found.payment_intent.status) == (
        "complete",
        first.id,
        "requires_capture",
    )
    charges = await psp.charges.list_async(params={"payment_intent": first.id})
    assert [(charge.status, charge.captured) for charge in charges.data] == [
        ("succeeded", False),
        ("failed", False),
    ]


async def test_paying_twice_is_paying_once(psp: Any, sandbox: RunningSandbox, make_session: Make) -> None:
    session = await psp.checkout.sessions.create_async(params=make_session(payment_intent_data={}))
    first, second = sandbox.pay(session), sandbox.pay(session)
    assert first.headers["location"] == second.headers["location"]
    assert [intent["amount_received"] for intent in sandbox.ledger()["intents"]] == [5400]
    assert len((await psp.charges.list_async()).data) == 1


async def test_expire_closes_the_door(psp: Any, sandbox: RunningSandbox, make_session: Make) -> None:
    session = await psp.checkout.sessions.create_async(params=make_session())
    sandbox.pay(session, "4000000000000002")
    expired = await psp.checkout.sessions.expire_async(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    intent = await psp.payment_intents.retrieve_async(expired.payment_intent)
    assert (intent.status, intent.cancellation_reason) == ("canceled", "expired")
    assert sandbox.pay(session).status_code == 410
    assert (await psp.payment_intents.retrieve_async(intent.id)).status == "canceled"


@pytest.mark.parametrize("final", ["complete", "expired"])
async def test_only_an_open_session_can_be_expired(
    psp: Any, sandbox: RunningSandbox, make_session: Make, final: str
) -> None:
    session = await psp.checkout.sessions.create_async(params=make_session())
    if final == "complete":
        sandbox.pay(session)
    else:
        await psp.checkout.sessions.expire_async(session.id)
    with pytest.raises(stripe.InvalidRequestError, match=f"status of '{final}'"):
        await psp.checkout.sessions.expire_async(session.id)
    assert (await psp.checkout.sessions.retrieve_async(session.id)).status == final


async def test_a_session_expires_by_the_clock(psp: Any, sandbox: RunningSandbox, make_session: Make) -> None:
    session = await psp.checkout.sessions.create_async(
        params=make_session(expires_at=int(time.time()) + 1860)
    )
    sandbox.advance(1800)
    assert (await psp.checkout.sessions.retrieve_async(session.id)).status == "open"
    sandbox.advance(61)
    assert (await psp.checkout.sessions.retrieve_async(session.id)).status == "expired"
    assert sandbox.pay(session).status_code == 410


@pytest.mark.parametrize("seconds", [60, 1790, 90_000])
async def test_an_expiry_out_of_bounds_is_refused(
    psp: Any, sandbox: RunningSandbox, make_session: Make, seconds: int
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await psp.checkout.sessions.create_async(params=make_session(expires_at=int(time.time()) + seconds))
    assert refused.value.param == "expires_at"
    assert sandbox.ledger()["sessions"] == []


async def test_an_intent_of_an_open_session_is_the_sessions_business(
    psp: Any, sandbox: RunningSandbox, make_session: Make
) -> None:
    session = await psp.checkout.sessions.create_async(params=make_session())
    sandbox.pay(session, "4000000000000002")
    intent = (await psp.checkout.sessions.retrieve_async(session.id)).payment_intent
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await psp.payment_intents.cancel_async(intent)
    assert refused.value.code == "payment_intent_unexpected_state"
    assert (await psp.payment_intents.retrieve_async(intent)).status == "requires_payment_method"


async def test_sessions_are_found_by_their_intent(
    psp: Any, sandbox: RunningSandbox, make_session: Make
) -> None:
    first = await psp.checkout.sessions.create_async(params=make_session())
    await psp.checkout.sessions.create_async(params=make_session())
    sandbox.pay(first)
    intent = (await psp.checkout.sessions.retrieve_async(first.id)).payment_intent
    found = await psp.checkout.sessions.list_async(params={"payment_intent": intent})
    assert [session.id for session in found.data] == [first.id]
    assert len((await psp.checkout.sessions.list_async(params={"status": "open"})).data) == 1


async def test_line_items_have_their_own_list(psp: Any, make_session: Make) -> None:
    session = await psp.checkout.sessions.create_async(params=make_session())
    lines = await psp.checkout.sessions.line_items.list_async(session.id)
    assert [line.amount_total for line in lines.data] == [5000, 400]


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"mode": "subscription"}, "mode"),
        ({"line_items": []}, "line_items"),
        ({"success_url": "javascript:alert(1)"}, "success_url"),
        ({"payment_intent_data": {"capture_method": "later"}}, "payment_intent_data[capture_method]"),
        ({"metadata": {"k": "x" * 501}}, "metadata"),
        ({"surprise": "yes"}, "surprise"),
    ],
)
async def test_wrong_parameters_are_named(
    psp: Any, sandbox: RunningSandbox, make_session: Make, change: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await psp.checkout.sessions.create_async(params=make_session(**change))
    assert refused.value.param == param
    assert sandbox.ledger()["sessions"] == []


async def test_line_items_in_two_currencies_are_refused(
    psp: Any, sandbox: RunningSandbox, make_session: Make
) -> None:
    params = make_session()
    params["line_items"][1]["price_data"]["currency"] = "usd"
    with pytest.raises(stripe.InvalidRequestError, match="same currency"):
        await psp.checkout.sessions.create_async(params=params)
    assert sandbox.ledger()["sessions"] == []
