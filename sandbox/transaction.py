"""What a decision is made in: one database transaction at one moment, and the events it gives rise to."""

import sqlite3
from dataclasses import dataclass


@dataclass(slots=True)
class Transaction:
    """Writes through `db` are all kept or none. `now` is one moment of the provider's clock for all of them."""

    db: sqlite3.Connection
    now: int
    pages: str
    """Origin of the hosted pages, as browsers see it."""
    subscriptions: frozenset[str]
    """Event types that are sent to the webhook; `*` is every type, empty is none."""
    request_id: str | None = None
    idempotency_key: str | None = None
    news: bool = False
    """Whether an event was written that is to be sent."""

    def sends(self, event_type: str) -> bool:
        """Whether events of this type go to the webhook."""
        return event_type in self.subscriptions or "*" in self.subscriptions
