"""What the first page, lists and a product's page show."""

from dataclasses import dataclass, field

from chassis.schemas import MoneyOut
from frontend.clients.products import Image


@dataclass(frozen=True, slots=True)
class Card:
    """A product in a grid. `saving` is a percentage, 0 for none; `from_price`: variants cost differently."""

    href: str
    name: str
    price: MoneyOut | None
    compare_at: MoneyOut | None
    saving: int
    is_sold_out: bool
    few_left: int
    image: Image | None
    sku: str | None


@dataclass(frozen=True, slots=True)
class CategoryTile:
    """A category with the picture of one of its products."""

    href: str
    name: str
    image: Image | None


@dataclass(frozen=True, slots=True)
class HomePage:
    """`catalogue_away`: products did not answer."""

    popular: list[Card]
    newest: list[Card]
    categories: list[CategoryTile]
    more_categories: list[CategoryTile]
    catalogue_away: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to choose: `href` toggles it."""

    key: str
    value: str
    label: str
    count: int | None
    is_chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """A question with its choices."""

    key: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class ProductListPage:
    """A list with its filters. `kept` are the query pairs a form has to send along with its own."""

    title: str
    search: str
    category: str
    cards: list[Card]
    sorting: list[Choice]
    groups: list[FilterGroup]
    chosen: list[Choice]
    price_min: str
    price_max: str
    currency: str
    in_stock: bool
    kept: list[tuple[str, str]]
    next_href: str | None
    first_href: str | None
    clear_href: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class VariantChoice:
    """A variant as one can pick it. `label` names its options, `key` is its sku."""

    sku: str
    label: str
    price: MoneyOut | None
    compare_at: MoneyOut | None
    saving: int
    is_sold_out: bool
    few_left: int
    is_chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class OptionValueChoice:
    """One value of an axis, given the values chosen on the others; `href` picks it."""

    label: str
    href: str
    is_chosen: bool
    is_available: bool


@dataclass(frozen=True, slots=True)
class OptionAxis:
    """One axis of choice."""

    label: str
    values: list[OptionValueChoice]


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One product with a variant chosen; `images[0]` is shown large."""

    name: str
    paragraphs: list[str]
    category: tuple[str, str] | None
    images: list[Image]
    chosen: VariantChoice | None
    axes: list[OptionAxis]
    variants: list[VariantChoice]
    related: list[Card]
    add_key: str
    is_archived: bool
    edit_href: str | None
    facts: list[tuple[str, str]] = field(default_factory=list)
