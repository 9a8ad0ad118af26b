"""What lines would cost, as the orders service answers."""

from pydantic import Field

from chassis.schemas import MoneyOut
from frontend.clients.asking import Shape


class ShippingMethod(Shape):
    """A way to deliver. `estimate` is words."""

    code: str
    name: str
    price: MoneyOut
    estimate: str | None = None


class QuoteLine(Shape):
    """One line as it would be charged."""

    sku: str
    name: str = ""
    quantity: int
    unit_price: MoneyOut
    discount: MoneyOut | None = None
    total: MoneyOut


class Totals(Shape):
    """Sums of a quote or an order. `discount` is what is taken off."""

    subtotal: MoneyOut
    discount: MoneyOut
    shipping: MoneyOut | None = None
    tax: MoneyOut
    total: MoneyOut


class Quote(Totals):
    """What lines would cost delivered to a country."""

    lines: list[QuoteLine] = Field(default_factory=list)
    shipping_methods: list[ShippingMethod] = Field(default_factory=list)
    shipping_method: str | None = None
    tax_included: bool | None = None
