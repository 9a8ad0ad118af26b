"""What staff see."""

from dataclasses import dataclass, field
from uuid import UUID

from chassis.schemas import MoneyOut
from frontend.clients.orders import Mail, Order, OrderSummary
from frontend.clients.payments import Payment
from frontend.clients.products import Product, ProductCard, Stock
from frontend.page_models.orders import HappeningEntry


@dataclass(frozen=True, slots=True)
class Tab:
    """A choice above a list."""

    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """Today, in UTC. Sums are of the newest hundred orders; `is_more`: there were more today than that.
    The lists show ten at most, `…_count` says how many there are among the hundred."""

    orders_today: int
    to_send_count: int
    waiting_count: int
    sales_today: MoneyOut
    is_more: bool
    to_send: list[OrderSummary]
    waiting: list[OrderSummary]
    troubled: list[OrderSummary]
    sold_out: list[ProductCard]
    away: list[str]


@dataclass(frozen=True, slots=True)
class ProductsPage:
    """The catalogue with what shoppers do not see."""

    search: str
    status: str
    tabs: list[Tab]
    products: list[ProductCard]
    next_href: str | None


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A row of the form: texts as typed. `index` numbers its fields."""

    index: int
    sku: str = ""
    values: str = ""
    price: str = ""
    was: str = ""
    stock: str = ""
    available: int | None = None


@dataclass(frozen=True, slots=True)
class ProductFormPage:
    """Creating (`product` is None) or editing."""

    product: Product | None
    values: dict[str, str]
    rows: list[VariantRow]
    categories: list[tuple[str, str]]
    currency: str
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StockPage:
    """The counters of each variant of a product, with their newest movements."""

    product: Product
    stocks: list[Stock]
    key: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """All orders, newest first."""

    tabs: list[Tab]
    orders: list[OrderSummary]
    next_href: str | None


@dataclass(frozen=True, slots=True)
class OneOrderPage:
    """One order with its money and its story."""

    order: Order
    order_id: UUID
    country: str
    payments: list[Payment] | None
    timeline: list[HappeningEntry]
    can_cancel: bool
    can_retry: bool


@dataclass(frozen=True, slots=True)
class PaymentsPage:
    """All payments, newest first."""

    payments: list[Payment]
    next_href: str | None


@dataclass(frozen=True, slots=True)
class MailsPage:
    """Mail that was kept because no mail server is set."""

    mails: list[Mail]
    next_href: str | None
