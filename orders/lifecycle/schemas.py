"""Orders on the wire."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from chassis.schemas import Line, MoneyOut, Out, Prose, StrictIn, Timestamp
from orders import examples
from orders.lifecycle.states import FulfillmentStatus, PaymentStatus, Reason, Status
from orders.pricing.schemas import Destination, PostalCode

ShortLine = Annotated[Line, Field(max_length=100)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 ()./-]{3,30}$")]


def _short(note: str) -> str:
    return note.strip()


Note = Annotated[Prose, Field(max_length=2000, examples=["Please ring twice."]), AfterValidator(_short)]


class AddressIn(StrictIn):
    """Where goods or the bill go."""

    name: Annotated[ShortLine, Field(examples=["Anna Schmidt"])]
    line1: Annotated[Line, Field(examples=["Hauptstraße 5"])]
    line2: Line | None = None
    city: Annotated[ShortLine, Field(examples=["Berlin"])]
    region: ShortLine | None = None
    postal_code: Annotated[PostalCode, Field(examples=["10115"])]
    country: Destination
    phone: Annotated[Phone | None, Field(examples=["+49 30 123456"])] = None

    def stored(self) -> dict[str, Any]:
        """As it is kept."""
        return self.model_dump(mode="json")


class AddressOut(Out):
    """Where goods or the bill go."""

    name: str
    line1: str
    line2: str | None
    city: str
    region: str | None
    postal_code: str
    country: str
    phone: str | None


class OrderPut(StrictIn):
    """What may change while nothing is sent: never lines or totals."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ORDER_PUT]})

    shipping_address: AddressIn
    billing_address: AddressIn | None = None
    note: Note = ""


class OrderLineOut(Out):
    """What was ordered, as it was called and priced then. `total = quantity × unit_price - discount`, tax in it."""

    id: UUID
    sku: Annotated[str, Field(examples=["MUG-BLUE"])]
    variant_id: UUID
    product_id: UUID
    slug: str
    name: Annotated[str, Field(examples=["Mug"])]
    options: Annotated[str, Field(examples=["Colour: blue"])]
    image: dict[str, Any] | None
    quantity: int
    unit_price: MoneyOut
    discount: MoneyOut
    tax: MoneyOut
    total: MoneyOut


class PaymentOut(Out):
    """The attempt to pay that counts now. Send the shopper to `redirect_url`; it is null when there is nothing to pay there."""

    id: UUID
    status: Annotated[str, Field(examples=["requires_action"])]
    redirect_url: str | None


class EventOut(Out):
    """What happened. `actor` names the member of staff, to staff only."""

    at: Timestamp
    event: Annotated[str, Field(examples=["payment.authorized"])]
    who: Annotated[str, Field(examples=["system"])]
    actor: str | None


class SagaOut(Out):
    """For staff: how far the machinery has come, and what it waits for."""

    step: str
    attempts: int
    stuck: bool
    next_at: Timestamp | None
    last_error: str | None


class FailureOut(Out):
    """Why an order came to nothing: `out_of_stock` (with the lines), `payment_refused`, `payment_declined`."""

    code: str
    lines: list[dict[str, Any]]


class OrderOut(Out):
    """An order. `total = subtotal - discount + shipping`; `tax` is contained in it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ORDER_OUT]})

    id: Annotated[UUID, Field(examples=[examples.ORDER_ID])]
    number: Annotated[str, Field(examples=["7KQ4M2XD"])]
    status: Status
    payment_status: PaymentStatus
    fulfillment_status: FulfillmentStatus
    cancel_reason: Reason | None
    failure: FailureOut | None
    email: str
    locale: str
    currency: str
    lines: list[OrderLineOut]
    subtotal: MoneyOut
    discount: MoneyOut
    shipping: MoneyOut
    tax: MoneyOut
    total: MoneyOut
    tax_included: bool
    coupon: str | None
    shipping_method: str
    shipping_method_name: str
    shipping_address: AddressOut
    billing_address: AddressOut | None
    note: str
    payment: PaymentOut | None
    pay_until: Annotated[
        Timestamp | None, Field(description="When an order that waits for its payment is given up.")
    ]
    order_token: Annotated[
        str | None, Field(description="A guest's secret, in the answer to `POST /orders` only.")
    ]
    customer_id: UUID | None
    cart_id: UUID
    version: int
    created_at: Timestamp
    updated_at: Timestamp
    confirmed_at: Timestamp | None
    timeline: list[EventOut]
    saga: SagaOut | None


class OrderSummary(Out):
    """An order in a list."""

    id: UUID
    number: str
    status: Status
    payment_status: PaymentStatus
    fulfillment_status: FulfillmentStatus
    email: str
    total: MoneyOut
    item_count: int
    name: Annotated[str, Field(description="Of its first line.")]
    image: dict[str, Any] | None
    stuck: bool
    created_at: Timestamp
