"""What the levers take and show."""

from typing import Annotated, Literal

from pydantic import Field

from chassis.schemas import Out, StrictIn

LARGEST_OFFSET = 10**9


class ClockOut(Out):
    """`now` in seconds since 1970, `offset_seconds` ahead of the machine's clock."""

    now: int
    offset_seconds: int


class SetClock(StrictIn):
    offset_seconds: Annotated[int, Field(ge=-LARGEST_OFFSET, le=LARGEST_OFFSET, examples=[0])]


class AdvanceClock(StrictIn):
    seconds: Annotated[int, Field(ge=1, le=LARGEST_OFFSET, examples=[3600])]


class DeliveryOut(Out):
    """Where the sending of one event stands; times are seconds of the provider's clock."""

    event: str
    state: Literal["pending", "delivered", "given_up"]
    attempts: int
    next_at: float
    last_status: int | None
    last_error: str | None
    delivered_at: int | None


class DeliveriesOut(Out):
    items: list[DeliveryOut]


class LedgerIntent(Out):
    """One intent; `amount_refunded` is the sum of its refunds that have not failed."""

    id: str
    status: str
    currency: str
    amount: int
    amount_capturable: int
    amount_received: int
    amount_refunded: int
    session: str | None
    metadata: dict[str, str]
    created: int


class LedgerRefund(Out):
    id: str
    payment_intent: str
    status: str
    currency: str
    amount: int
    metadata: dict[str, str]
    created: int


class LedgerSession(Out):
    id: str
    status: str
    currency: str
    amount_total: int
    payment_intent: str | None
    client_reference_id: str | None
    metadata: dict[str, str]
    created: int
    expires_at: int


class LedgerOut(Out):
    """Everything that the provider holds, at one moment, oldest first. Amounts are minor units."""

    now: int
    sessions: list[LedgerSession]
    intents: list[LedgerIntent]
    refunds: list[LedgerRefund]
