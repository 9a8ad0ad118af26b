"""Stripe's objects in our words."""

import json
from typing import Any

import pytest

from payments.providers.protocol import Decline, Refs, Stage
from payments.providers.stripe_wire import RefundWire, Session, event, refund_snapshot, session_snapshot

INTENT: dict[str, Any] = {
    "id": "pi_1",
    "status": "requires_capture",
    "amount": 1999,
    "amount_capturable": 1999,
    "amount_received": 0,
    "currency": "eur",
    "metadata": {"payment_id": "p"},
    "last_payment_error": None,
}
SESSION: dict[str, Any] = {
    "id": "cs_1",
    "status": "open",
    "url": "https://pay",
    "currency": "eur",
    "payment_intent": None,
    "metadata": {"payment_id": "p"},
}


@pytest.mark.parametrize(
    ("status", "intent", "stage"),
    [
        ("open", None, Stage.OPEN),
        ("expired", None, Stage.CLOSED),
        ("complete", None, Stage.OPEN),
        ("open", "requires_payment_method", Stage.OPEN),
        ("open", "requires_action", Stage.OPEN),
        ("expired", "requires_payment_method", Stage.CLOSED),
        ("complete", "processing", Stage.PROCESSING),
        ("complete", "requires_capture", Stage.AUTHORIZED),
        ("expired", "requires_capture", Stage.AUTHORIZED),
        ("complete", "succeeded", Stage.CAPTURED),
        ("complete", "canceled", Stage.CLOSED),
        ("complete", "a status of the future", Stage.PROCESSING),
    ],
)
def test_stages(status: str, intent: str | None, stage: Stage) -> None:
    expanded = {**INTENT, "status": intent} if intent else None
    session = Session.model_validate({**SESSION, "status": status, "payment_intent": expanded})
    assert session_snapshot(session).stage is stage


def test_amounts_before_and_after_the_capture() -> None:
    held = session_snapshot(Session.model_validate({**SESSION, "payment_intent": INTENT}))
    assert (held.authorized, held.captured, held.currency, held.refs) == (
        1999,
        0,
        "EUR",
        Refs("cs_1", "pi_1"),
    )
    taken = {**INTENT, "status": "succeeded", "amount_capturable": 0, "amount_received": 1999}
    now = session_snapshot(Session.model_validate({**SESSION, "payment_intent": taken}))
    assert (now.authorized, now.captured) == (1999, 1999)


def test_a_declined_card_is_known_by_its_charge() -> None:
    error = {
        "charge": "ch_1",
        "code": "card_declined",
        "decline_code": "insufficient_funds",
        "message": "No.",
    }
    open_still = {
        **INTENT,
        "status": "requires_payment_method",
        "amount_capturable": 0,
        "last_payment_error": error,
    }
    snapshot = session_snapshot(Session.model_validate({**SESSION, "payment_intent": open_still}))
    assert snapshot.decline == Decline("ch_1", "insufficient_funds", "No.")


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("succeeded", "succeeded"),
        ("pending", "pending"),
        ("requires_action", "pending"),
        ("failed", "failed"),
        ("canceled", "failed"),
    ],
)
def test_refunds(status: str, ours: str) -> None:
    wire = RefundWire.model_validate(
        {
            "id": "re_1",
            "status": status,
            "amount": 5,
            "currency": "eur",
            "metadata": {"refund_id": "nonsense"},
        }
    )
    assert (refund_snapshot(wire).status, refund_snapshot(wire).refund_id) == (ours, None)


@pytest.mark.parametrize(
    ("kind", "thing", "refs", "stage", "about_refunds"),
    [
        (
            "checkout.session.completed",
            {"id": "cs_1", "object": "checkout.session", "payment_intent": "pi_1"},
            Refs("cs_1", "pi_1"),
            Stage.AUTHORIZED,
            False,
        ),
        (
            "checkout.session.expired",
            {"id": "cs_1", "object": "checkout.session", "payment_intent": None},
            Refs("cs_1"),
            Stage.CLOSED,
            False,
        ),
        (
            "payment_intent.succeeded",
            {"id": "pi_1", "object": "payment_intent", "status": "succeeded"},
            Refs(None, "pi_1"),
            Stage.CAPTURED,
            False,
        ),
        (
            "payment_intent.payment_failed",
            {"id": "pi_1", "object": "payment_intent", "status": "requires_payment_method"},
            Refs(None, "pi_1"),
            None,
            False,
        ),
        (
            "charge.refunded",
            {"id": "ch_1", "object": "charge", "payment_intent": "pi_1"},
            Refs(None, "pi_1"),
            None,
            True,
        ),
        (
            "refund.failed",
            {"id": "re_1", "object": "refund", "payment_intent": {"id": "pi_1"}},
            Refs(None, "pi_1"),
            None,
            True,
        ),
        (
            "charge.dispute.created",
            {"id": "dp_1", "object": "dispute", "payment_intent": "pi_1"},
            Refs(None, "pi_1"),
            None,
            False,
        ),
    ],
)
def test_events(
    kind: str, thing: dict[str, Any], refs: Refs, stage: Stage | None, about_refunds: bool
) -> None:
    told = event(json.dumps({"id": "evt_1", "type": kind, "data": {"object": thing}}).encode())
    assert (told.id, told.refs, told.stage, told.about_refunds) == ("evt_1", refs, stage, about_refunds)
