"""What stands in the store about a Checkout Session."""

from dataclasses import dataclass
from typing import Annotated, Any

from sandbox.table import AS_JSON, Table


@dataclass(slots=True)
class Session:
    """`line_items`: objects with name, description, image, unit_amount, quantity, amount_total, in the shop's order."""

    id: str
    status: str
    amount_total: int
    currency: str
    capture_method: str
    success_url: str
    cancel_url: str | None
    customer_email: str | None
    client_reference_id: str | None
    locale: str | None
    intent_description: str | None
    payment_intent: str | None
    created: int
    expires_at: int
    line_items: Annotated[list[dict[str, Any]], AS_JSON]
    metadata: Annotated[dict[str, str], AS_JSON]
    intent_metadata: Annotated[dict[str, str], AS_JSON]


SESSIONS = Table("session", Session)
