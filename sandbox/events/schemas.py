"""Events on the wire."""

import orjson
from pydantic import Field

from sandbox.api.wire import API_VERSION, Json, Listed, ListParams, Text
from sandbox.events.models import Event


class ListEvents(ListParams):
    """`type` is one event type; `types` up to 20."""

    type: Text | None = None
    types: Listed[Text] = Field(default=[], max_length=20)


def event_json(event: Event) -> Json:
    """The event as its list and its webhook show it."""
    return {
        "id": event.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": event.created,
        "data": {"object": orjson.Fragment(event.object)},
        "livemode": False,
        "pending_webhooks": int(event.sent),
        "request": {"id": event.request_id, "idempotency_key": event.idempotency_key},
        "type": event.type,
    }
