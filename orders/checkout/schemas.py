"""Orders as they are sent in, and news."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from chassis.schemas import Email, MoneyIn, StrictIn, Uuid
from orders import examples
from orders.lifecycle.schemas import AddressIn, Note
from orders.pricing.schemas import Code

ReturnUrl = Annotated[str, StringConstraints(max_length=1900, pattern=r"^https?://[^\s\\@#\x00-\x20\x7f]+$")]


class OrderPost(StrictIn):
    """An order for everything in a cart."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ORDER_IN]})

    cart_id: Annotated[Uuid, Field(examples=["0199c0ff-ee00-7000-8000-0000000000ca"])]
    email: Annotated[Email, Field(examples=["anna@example.com"])]
    shipping_address: AddressIn
    billing_address: AddressIn | None = None
    shipping_method: Annotated[Code, Field(examples=["standard"])]
    payment_method: Annotated[Literal["card"], Field(examples=["card"])]
    coupon: Code | None = None
    note: Note = ""
    expected_total: Annotated[
        MoneyIn | None, Field(description="What the shopper agreed to: another total is refused.")
    ] = None
    return_url: Annotated[
        ReturnUrl | None, Field(description="Where the provider sends the shopper back to.")
    ] = None


class EventPut(StrictIn):
    """Something happened to a payment: a hint to ask payments about the order."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EVENT_PUT]})

    type: Literal[
        "payment.created",
        "payment.authorized",
        "payment.captured",
        "payment.failed",
        "payment.voided",
        "refund.succeeded",
        "refund.failed",
    ]
    order_id: Uuid
    payment_id: Uuid | None = None
