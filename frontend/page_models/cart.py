"""What the cart shows."""

from dataclasses import dataclass
from uuid import UUID

from chassis.schemas import MoneyOut
from frontend.clients.products import Image


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the cart. `name` falls back to the sku while products is away."""

    id: UUID
    href: str | None
    name: str
    options: str
    sku: str
    quantity: int
    unit_price: MoneyOut | None
    total: MoneyOut | None
    image: Image | None
    available: int | None
    is_short: bool


@dataclass(frozen=True, slots=True)
class CartPage:
    """`prices_away`: products does not answer; `is_short`: some line wants more than there is."""

    lines: list[Line]
    subtotal: MoneyOut | None
    prices_away: bool
    is_short: bool
    count: int


@dataclass(frozen=True, slots=True)
class Added:
    """The answer to "add to cart" within a page."""

    count: int
    message: str
