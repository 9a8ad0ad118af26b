"""What checkout, the wait for the payment, and its unhappy ends show."""

from dataclasses import dataclass, field
from uuid import UUID

from chassis.schemas import MoneyOut
from frontend.accounts.schemas import AddressEntry
from frontend.clients.orders import Quote, ShippingMethod
from frontend.page_models.cart import Line


@dataclass(frozen=True, slots=True)
class Message:
    """Something to know before going on."""

    title: str
    text: str
    tone: str = "busy"


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """The one page of checkout. `quote` is None while orders does not answer, or before the address is known.

    `key` makes sending the form twice one order. `expected` is the total the shopper has seen.
    """

    lines: list[Line]
    values: dict[str, str]
    errors: dict[str, str]
    messages: list[Message]
    quote: Quote | None
    methods: list[ShippingMethod]
    chosen_method: str
    addresses: list[AddressEntry]
    countries: tuple[tuple[str, str], ...]
    key: str
    expected: MoneyOut | None
    tax_is_included: bool


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Shown until the provider has told us. `again_href` is asked after `seconds`."""

    number: str
    title: str
    text: str
    again_href: str
    seconds: int
    redirect_url: str | None
    order_href: str


@dataclass(frozen=True, slots=True)
class UnpaidPage:
    """Back from the provider without having paid, or the order is already being paid elsewhere."""

    order_id: UUID
    number: str
    title: str
    text: str
    total: MoneyOut | None
    can_pay: bool
    can_change: bool


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line that cannot be had as wanted."""

    name: str
    requested: int
    available: int


@dataclass(frozen=True, slots=True)
class ShortPage:
    """Somebody was quicker."""

    shortages: list[Shortage] = field(default_factory=list)
