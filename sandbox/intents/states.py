"""The states of an intent as data, and the one way to change them."""

from typing import Any

from sandbox.api.errors import InvalidRequest
from sandbox.events.service import EventType, tell
from sandbox.intents.models import INTENTS, Intent
from sandbox.intents.schemas import intent_json
from sandbox.transaction import Transaction

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
FROM = {
    "requires_action": CONFIRMABLE,
    "requires_payment_method": CONFIRMABLE,
    "requires_capture": CONFIRMABLE,
    "succeeded": (*CONFIRMABLE, "requires_capture"),
    "canceled": (*CONFIRMABLE, "requires_capture"),
}
"""State → the states it can follow. `succeeded` and `canceled` are final."""


def move(
    transaction: Transaction, intent: Intent, event_type: EventType, *, status: str, **changes: Any
) -> Intent:
    """The intent in its new state, and the event that tells it. Raises InvalidRequest when the state has no such move."""
    moved = INTENTS.update(transaction.db, intent.id, status_in=FROM[status], status=status, **changes)
    if moved is None:
        raise refuse_state(intent, status)
    tell(transaction, event_type, intent_json(moved, pages=transaction.pages))
    return moved


def refuse_state(intent: Intent, wanted: str) -> InvalidRequest:
    """The refusal of a call that the intent's state does not allow."""
    return InvalidRequest(
        f"This PaymentIntent's state does not allow this ({wanted}): its status is {intent.status}.",
        code="payment_intent_unexpected_state",
        payment_intent={"id": intent.id, "object": "payment_intent", "status": intent.status},
    )
