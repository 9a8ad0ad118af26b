"""What the pages of orders and payments show."""

from dataclasses import dataclass

from frontend.clients.orders import Order, OrderSummary
from frontend.clients.payments import Payment


@dataclass(frozen=True, slots=True)
class OrderListPage:
    """One's own orders, newest first."""

    orders: list[OrderSummary]
    next_href: str | None


@dataclass(frozen=True, slots=True)
class HappeningEntry:
    """A line of the timeline in words."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order. `is_thanks`: just paid. `country`: the address's country in words."""

    order: Order
    title: str
    text: str
    tone: str
    country: str
    timeline: list[HappeningEntry]
    can_pay: bool
    can_cancel: bool
    is_thanks: bool
    is_guest: bool
    refreshes: bool


@dataclass(frozen=True, slots=True)
class PaymentListPage:
    """One's own payments, newest first."""

    payments: list[Payment]
    next_href: str | None
