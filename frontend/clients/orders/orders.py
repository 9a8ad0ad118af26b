"""Orders as the orders service answers and takes them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import Field

from chassis.schemas import MoneyOut
from frontend.clients.asking import Shape
from frontend.clients.orders.quotes import Totals
from frontend.clients.products import Image


class OrderLine(Shape):
    """One line of an order: a snapshot."""

    id: UUID
    sku: str
    name: str
    slug: str = ""
    image: Image | None = None
    options: dict[str, str] | str = ""
    quantity: int
    unit_price: MoneyOut
    discount: MoneyOut
    tax: MoneyOut
    total: MoneyOut

    @property
    def options_text(self) -> str:
        """The chosen options in one line."""
        return self.options if isinstance(self.options, str) else ", ".join(self.options.values())


class OrderPayment(Shape):
    """The newest attempt to pay. `redirect_url` is the provider's page while it is open."""

    id: UUID
    status: str
    redirect_url: str | None = None


class TimelineEntry(Shape):
    """Something that happened to an order."""

    at: datetime
    event: str
    who: str = ""


class OrderAddress(Shape):
    """Where an order goes."""

    name: str = ""
    line1: str = ""
    line2: str | None = None
    city: str = ""
    region: str | None = None
    postal_code: str = ""
    country: str = ""
    phone: str | None = None


class Saga(Shape):
    """How far the order's machinery has come; for staff."""

    step: str
    attempts: int = 0
    stuck: bool = False
    last_error: str | None = None


class Order(Totals):
    """An order as its buyer or staff sees it. `order_token` comes once, with a guest's placing."""

    id: UUID
    number: str
    status: str
    payment_status: str
    fulfillment_status: str
    lines: list[OrderLine] = Field(default_factory=list)
    payment: OrderPayment | None = None
    order_token: str | None = None
    created_at: datetime
    timeline: list[TimelineEntry] = Field(default_factory=list)
    email: str | None = None
    shipping_address: OrderAddress | None = None
    note: str | None = None
    cancel_reason: str | None = None
    saga: Saga | None = None
    version: int = 0

    @property
    def is_stuck(self) -> bool:
        """Whether the order gave up and waits for staff, who alone are told."""
        return self.saga is not None and self.saga.stuck


class OrderSummary(Shape):
    """An order in a list."""

    id: UUID
    number: str
    status: str
    payment_status: str
    fulfillment_status: str
    total: MoneyOut
    created_at: datetime
    email: str | None = None
    item_count: int = 1
    name: str = ""
    image: Image | None = None
    stuck: bool = False

    @property
    def is_stuck(self) -> bool:
        """Whether the order gave up and waits for staff."""
        return self.stuck


class OrderList(Shape):
    """One page of orders, newest first."""

    items: list[OrderSummary]
    next_cursor: str | None


class OrderToPlace(Shape):
    """The body of `POST /orders`."""

    cart_id: UUID
    email: str
    shipping_address: Mapping[str, str]
    shipping_method: str
    payment_method: str = "card"
    coupon: str | None = Field(default=None)
    note: str | None = None
    expected_total: MoneyOut | None = None
    return_url: str | None = None
