"""Checkout Sessions on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sandbox.api.lists import listed
from sandbox.api.wire import Amount, Currency, Json, Listed, ListParams, Metadata, Moment, Params, Text
from sandbox.intents.models import Intent
from sandbox.intents.schemas import CaptureMethod, Email, WebAddress
from sandbox.sessions.models import Session


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProductData(_Group):
    name: Text
    description: Text | None = None
    images: Annotated[Listed[WebAddress], Field(max_length=8)] = []
    metadata: Metadata = Field(default={})


class PriceData(_Group):
    currency: Currency
    unit_amount: Annotated[int, Field(ge=0, le=99_999_999)]
    product_data: ProductData
    tax_behavior: Literal["exclusive", "inclusive", "unspecified"] | None = None


class LineItem(_Group):
    price_data: PriceData
    quantity: Annotated[int, Field(ge=1, le=999_999)] = 1


class IntentData(_Group):
    """What the session's PaymentIntent will have."""

    capture_method: CaptureMethod = "automatic"
    metadata: Metadata = Field(default={})
    description: Text | None = None


class CreateSession(Params):
    """Stripe's parameters that the sandbox knows. All prices are in one currency."""

    mode: Literal["payment"]
    line_items: Annotated[Listed[LineItem], Field(min_length=1, max_length=100)]
    success_url: WebAddress
    cancel_url: WebAddress | None = None
    client_reference_id: Annotated[Text, Field(max_length=200)] | None = None
    customer_email: Email | None = None
    expires_at: Moment | None = None
    locale: Annotated[Text, Field(pattern=r"^(auto|[a-z]{2,3}(-[A-Za-z0-9]{2,4})?)$")] | None = None
    metadata: Metadata = Field(default={})
    payment_intent_data: IntentData = IntentData()
    payment_method_types: Listed[Literal["card"]] = Field(default=["card"])
    submit_type: Literal["auto", "pay"] | None = None
    ui_mode: Literal["hosted", "hosted_page"] | None = None


class ListSessions(ListParams):
    payment_intent: Text | None = None
    status: Literal["open", "complete", "expired"] | None = None


class ListLineItems(ListParams):
    """A page of a session's lines."""


Total = Amount
"""The sum of a session's lines, within Stripe's largest charge."""


def session_json(session: Session, intent: Intent | None, *, pages: str) -> Json:
    """The session as Stripe shows it. `payment_status` is `paid` once the money is taken: a manual capture
    leaves it `unpaid` until then."""
    return {
        "id": session.id,
        "object": "checkout.session",
        "amount_subtotal": session.amount_total,
        "amount_total": session.amount_total,
        "cancel_url": session.cancel_url,
        "client_reference_id": session.client_reference_id,
        "created": session.created,
        "currency": session.currency,
        "customer": None,
        "customer_details": {"email": session.customer_email} if session.customer_email else None,
        "customer_email": session.customer_email,
        "expires_at": session.expires_at,
        "livemode": False,
        "locale": session.locale,
        "metadata": session.metadata,
        "mode": "payment",
        "payment_intent": session.payment_intent,
        "payment_method_types": ["card"],
        "payment_status": "paid" if intent is not None and intent.status == "succeeded" else "unpaid",
        "status": session.status,
        "success_url": session.success_url,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{pages}/pay/{session.id}" if session.status == "open" else None,
    }


def line_items_json(session: Session) -> Json:
    """The session's lines as a list object, in the shop's order."""
    data = [
        {
            "id": f"li_{session.id.removeprefix('cs_test_')}_{number}",
            "object": "item",
            "amount_discount": 0,
            "amount_subtotal": line["amount_total"],
            "amount_tax": 0,
            "amount_total": line["amount_total"],
            "currency": session.currency,
            "description": line["name"],
            "price": {"object": "price", "currency": session.currency, "unit_amount": line["unit_amount"]},
            "quantity": line["quantity"],
        }
        for number, line in enumerate(session.line_items)
    ]
    return listed(data, url=f"/v1/checkout/sessions/{session.id}/line_items", more=False)
