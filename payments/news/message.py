"""One piece of news for orders: a hint that it should ask about an order."""

from dataclasses import dataclass
from uuid import UUID

from chassis.ids import new_id

LEASE_SECONDS = 10.0
"""How long the writer of news is given to send it before the loop does."""


@dataclass(frozen=True, slots=True)
class Message:
    """`event_id` is made before the first send, so that orders takes each message once."""

    event_id: UUID
    type: str
    order_id: UUID
    payment_id: UUID

    @classmethod
    def new(cls, kind: str, *, order_id: UUID, payment_id: UUID) -> "Message":
        """A message nobody has heard yet; `kind` is one of `payment.…`, `refund.…`."""
        return cls(new_id(), kind, order_id, payment_id)

    def row(self) -> dict[str, str | float]:
        """For SQL, leased by its writer."""
        return {"event_id": str(self.event_id), "type": self.type, "lease": LEASE_SECONDS}
