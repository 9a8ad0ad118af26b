"""Quotes on the wire."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from chassis.schemas import Country, Line, MoneyOut, Out, Quantity, Sku, StrictIn
from orders import examples
from orders.pricing.countries import is_country

Code = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9_-]{1,40}$")]
"""Of a coupon (any case) or of a way of delivery."""


def _existing(country: str) -> str:
    if not is_country(country):
        raise PydanticCustomError("unknown_country", "must be an ISO 3166-1 alpha-2 country")
    return country


Destination = Annotated[Country, AfterValidator(_existing), Field(examples=["DE"])]
PostalCode = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Za-z][0-9A-Za-z -]{0,11}$")
]


class QuoteLineIn(StrictIn):
    """How many of one article."""

    sku: Annotated[Sku, Field(examples=["MUG-BLUE"])]
    quantity: Annotated[Quantity, Field(examples=[2])]


class QuoteIn(StrictIn):
    """What somebody somewhere would like to buy."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.QUOTE_IN]})

    lines: Annotated[list[QuoteLineIn], Field(min_length=1, max_length=200)]
    country: Destination
    postal_code: PostalCode | None = None
    coupon: Annotated[Code | None, Field(examples=["WELCOME10"])] = None
    shipping_method: Annotated[Code | None, Field(examples=["standard"])] = None


class QuoteLineOut(Out):
    """A priced line. `total = quantity × unit_price - discount`; `tax` is contained in it."""

    sku: str
    variant_id: UUID
    name: Line
    options: str
    quantity: int
    unit_price: MoneyOut
    discount: MoneyOut
    tax: MoneyOut
    total: MoneyOut
    available: int
    sellable: bool
    image: dict[str, Any] | None


class ShippingOffer(Out):
    """A way of delivery and what it costs for these goods."""

    code: Annotated[str, Field(examples=["standard"])]
    name: Annotated[str, Field(examples=["Standard delivery"])]
    price: MoneyOut
    estimate: Annotated[str, Field(examples=["2-3 working days"])]


class QuoteOut(Out):
    """What it would cost now. `total = subtotal - discount + shipping`; `tax` is contained in `total`."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.QUOTE_OUT]})

    currency: str
    country: str
    lines: list[QuoteLineOut]
    subtotal: MoneyOut
    discount: MoneyOut
    shipping: MoneyOut
    tax: MoneyOut
    total: MoneyOut
    tax_included: bool
    coupon: str | None
    shipping_method: Annotated[str, Field(description="The one asked for, else the first one offered.")]
    shipping_methods: list[ShippingOffer]
