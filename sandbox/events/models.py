"""An event, and where its delivery stands."""

from dataclasses import dataclass

from sandbox.table import Table


@dataclass(slots=True)
class Event:
    """`object` is the JSON of the thing at the moment of the event; it never changes afterwards."""

    id: str
    type: str
    object_id: str
    object: str
    request_id: str | None
    idempotency_key: str | None
    sent: bool
    """Whether it goes to the webhook; False when nobody subscribed to its type."""
    created: int


EVENTS = Table("event", Event)
