"""Events are written in the transaction of what they tell, so that neither exists without the other."""

from typing import Literal

import orjson

from sandbox.api.wire import Json
from sandbox.events.models import EVENTS, Event
from sandbox.ids import new_id
from sandbox.transaction import Transaction

EventType = Literal[
    "checkout.session.completed",
    "checkout.session.expired",
    "payment_intent.amount_capturable_updated",
    "payment_intent.canceled",
    "payment_intent.payment_failed",
    "payment_intent.requires_action",
    "payment_intent.succeeded",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
]
SENT_FOR_SECONDS = 3 * 24 * 3600


def tell(transaction: Transaction, event_type: EventType, thing: Json) -> None:
    """An event of this type with `thing` as it is now exists, and is due at the webhook if that asked for it."""
    event = Event(
        id=new_id("evt"),
        type=event_type,
        object_id=thing["id"],
        object=orjson.dumps(thing).decode(),
        request_id=transaction.request_id,
        idempotency_key=transaction.idempotency_key,
        sent=transaction.sends(event_type),
        created=transaction.now,
    )
    EVENTS.insert(transaction.db, event)
    if event.sent:
        transaction.db.execute(
            "INSERT INTO delivery (event, state, attempts, next_at, give_up_at) VALUES (?, 'pending', 0, ?, ?)",
            (event.id, transaction.now, transaction.now + SENT_FOR_SECONDS),
        )
        transaction.news = True
