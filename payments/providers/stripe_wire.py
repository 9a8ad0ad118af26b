"""The few fields of Stripe's objects that we believe, and what they mean in our words."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from chassis.money import Money
from payments.providers.protocol import Decline, ProviderEvent, Refs, RefundSnapshot, Snapshot, Stage

PAYMENT_ID = "payment_id"
REFUND_ID = "refund_id"

INTENT_STAGES = {
    "requires_payment_method": Stage.OPEN,
    "requires_confirmation": Stage.OPEN,
    "requires_action": Stage.OPEN,
    "processing": Stage.PROCESSING,
    "requires_capture": Stage.AUTHORIZED,
    "succeeded": Stage.CAPTURED,
    "canceled": Stage.CLOSED,
}
REFUND_STATUSES = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}
"""Every other status (pending, requires_action, …) is `pending` to us."""


def _only_its_id(value: Any) -> Any:
    return value.get("id") if isinstance(value, dict) else value


def _nothing_when_not_expanded(value: Any) -> Any:
    return value if isinstance(value, dict) else None


Metadata = Annotated[dict[str, str], Field(default_factory=dict)]
Id = Annotated[str | None, BeforeValidator(_only_its_id)]


class PaymentError(BaseModel):
    """Why the last card was refused."""

    charge: str | None = None
    code: str | None = None
    decline_code: str | None = None
    message: str | None = None


class Intent(BaseModel):
    """A PaymentIntent."""

    id: str
    status: str
    amount: int
    amount_capturable: int
    amount_received: int
    currency: str
    metadata: Metadata
    last_payment_error: PaymentError | None = None

    @property
    def stage(self) -> Stage:
        return INTENT_STAGES.get(self.status, Stage.PROCESSING)

    @property
    def authorized(self) -> int:
        """What is or was set aside for us: a capture takes its amount out of `amount_capturable`."""
        return self.amount_capturable or self.amount_received

    @property
    def decline(self) -> Decline | None:
        error = self.last_payment_error
        if error is None:
            return None
        code = error.decline_code or error.code or "declined"
        return Decline(error.charge or f"{self.id}:{code}", code, error.message or "")


class Session(BaseModel):
    """A Checkout Session, its intent expanded."""

    id: str
    status: str
    url: str | None = None
    currency: str
    payment_intent: Annotated[Intent | None, BeforeValidator(_nothing_when_not_expanded)] = None
    metadata: Metadata

    @property
    def stage(self) -> Stage:
        if self.payment_intent is not None and self.payment_intent.stage is not Stage.OPEN:
            return self.payment_intent.stage
        return Stage.CLOSED if self.status == "expired" else Stage.OPEN


class RefundWire(BaseModel):
    """A Refund."""

    id: str
    status: str
    amount: int
    currency: str
    failure_reason: str | None = None
    metadata: Annotated[dict[str, str] | None, Field(default=None)]


class Listed(BaseModel):
    """A page of refunds."""

    data: list[RefundWire]


class EventObject(BaseModel):
    """The object that an event shows, of whatever kind."""

    id: str
    object: str
    status: str | None = None
    payment_intent: Id = None
    metadata: Annotated[dict[str, str] | None, Field(default=None)]


class EventData(BaseModel):
    object: EventObject


class EventWire(BaseModel):
    """A webhook's body."""

    id: Annotated[str, Field(min_length=1, max_length=255)]
    type: Annotated[str, Field(min_length=1, max_length=255)]
    data: EventData


def session_snapshot(session: Session) -> Snapshot:
    """A session in our words."""
    intent = session.payment_intent
    return Snapshot(
        stage=session.stage,
        refs=Refs(session.id, intent.id if intent else None),
        currency=session.currency.upper(),
        authorized=intent.authorized if intent else 0,
        captured=intent.amount_received if intent else 0,
        payment_id=session.metadata.get(PAYMENT_ID),
        redirect_url=session.url,
        decline=intent.decline if intent else None,
    )


def intent_snapshot(intent: Intent, page: str | None = None) -> Snapshot:
    """An intent in our words; whether its page is open it does not say."""
    return Snapshot(
        stage=intent.stage,
        refs=Refs(page, intent.id),
        currency=intent.currency.upper(),
        authorized=intent.authorized,
        captured=intent.amount_received,
        payment_id=intent.metadata.get(PAYMENT_ID),
        decline=intent.decline,
    )


def refund_snapshot(refund: RefundWire) -> RefundSnapshot:
    """A refund in our words."""
    return RefundSnapshot(
        ref=refund.id,
        refund_id=_uuid((refund.metadata or {}).get(REFUND_ID)),
        status=REFUND_STATUSES.get(refund.status, "pending"),
        amount=Money(refund.amount, refund.currency.upper()),
        failure=refund.failure_reason,
    )


def event(body: bytes) -> ProviderEvent:
    """A verified webhook in our words. Raises ValidationError when it is none."""
    wire = EventWire.model_validate_json(body)
    thing = wire.data.object
    refs = Refs(payment=thing.payment_intent)
    if thing.object == "checkout.session":
        refs = Refs(thing.id, thing.payment_intent)
    elif thing.object == "payment_intent":
        refs = Refs(payment=thing.id)
    return ProviderEvent(
        id=wire.id,
        type=wire.type,
        refs=refs,
        payment_id=(thing.metadata or {}).get(PAYMENT_ID),
        stage=_claimed(wire.type, thing),
        about_refunds=thing.object == "refund" or wire.type == "charge.refunded",
    )


def _claimed(event_type: str, thing: EventObject) -> Stage | None:
    """How far the payment is if the event is right. None: it may tell something else too (a declined card)."""
    if event_type == "checkout.session.completed":
        return Stage.AUTHORIZED
    if event_type == "checkout.session.expired":
        return Stage.CLOSED
    if thing.object == "payment_intent" and event_type != "payment_intent.payment_failed":
        return INTENT_STAGES.get(thing.status or "")
    return None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
