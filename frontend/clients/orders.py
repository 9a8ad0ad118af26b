"""The orders service: quotes, placing an order, following and cancelling it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from chassis.http import ServiceClient
from chassis.schemas import MoneyOut
from frontend.clients.asking import Asker, Shape
from frontend.clients.products import Image


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


class Mail(Shape):
    """A mail that was not sent but kept."""

    id: UUID
    recipient: str
    subject: str
    text: str
    created_at: datetime


class MailList(Shape):
    """One page of kept mails, newest first."""

    items: list[Mail]
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


class OrdersClient:
    """Asks the orders service."""

    def __init__(self, service: ServiceClient) -> None:
        self.service = service

    async def quote(
        self,
        asker: Asker,
        *,
        lines: Sequence[tuple[str, int]],
        country: str,
        postal_code: str = "",
        coupon: str = "",
        shipping_method: str = "",
    ) -> Quote:
        """What (sku, quantity) lines cost there. Raises RemoteProblem (422 for an unknown coupon or method)."""
        optional = {"postal_code": postal_code, "coupon": coupon, "shipping_method": shipping_method}
        body: dict[str, Any] = {
            "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines],
            "country": country,
            **{name: value for name, value in optional.items() if value},
        }
        return await self.service.call(
            "POST", "/quotes", Quote, body=body, repeatable=True, deadline=4.0, **asker.options()
        )

    async def place(self, asker: Asker, order: OrderToPlace, *, key: str) -> Order:
        """The order, placed once however often the same `key` is sent.

        Raises RemoteProblem (409 price_changed, out_of_stock, order_in_progress; 422) or RemoteUnavailable.
        """
        body = order.model_dump(mode="json", exclude_none=True)
        options = asker.options(idempotency_key=key)
        return await self.service.call(
            "POST", "/orders", Order, body=body, deadline=8.0, repeatable=True, **options
        )

    async def order(self, asker: Asker, order_id: UUID, *, wait: float = 0) -> Order:
        """The order, after `wait` seconds or as soon as there is news. Raises RemoteProblem 404, also for another's."""
        query = {"wait": str(wait)} if wait else None
        return await self.service.call(
            "GET", f"/orders/{order_id}", Order, params=query, deadline=wait + 2.0, **asker.options()
        )

    async def page(self, asker: Asker, query: Mapping[str, str]) -> OrderList:
        """One page of the asker's orders; staff see all."""
        return await self.service.call("GET", "/orders", OrderList, params=query, **asker.options())

    async def retry(self, asker: Asker, order_id: UUID) -> None:
        """A stuck order is tried again at once. Raises RemoteProblem."""
        response = await self.service.send(
            "POST", f"/orders/{order_id}/retry", repeatable=True, **asker.options()
        )
        if response.status_code >= 300:
            raise self.service.problem(response)

    async def mails(self, asker: Asker, query: Mapping[str, str]) -> MailList:
        """Order mail that was kept because no mail server is set. For staff."""
        return await self.service.call("GET", "/mails", MailList, params=query, **asker.options())

    async def cancel(self, asker: Asker, order_id: UUID) -> None:
        """Canceling has begun, or is done. Raises RemoteProblem (409 when it is too late)."""
        response = await self.service.send("DELETE", f"/orders/{order_id}", deadline=6.0, **asker.options())
        if response.status_code >= 300:
            raise self.service.problem(response)
