"""What is around every page: header, footer, messages."""

from dataclasses import dataclass, field

from frontend.accounts.schemas import Person


@dataclass(frozen=True, slots=True)
class NavigationCategory:
    """A category in the menus."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Frame:
    """`cart_count` is None when the cart does not answer: the badge is left out then, not wrong."""

    person: Person | None
    cart_count: int | None
    categories: tuple[NavigationCategory, ...]
    search: str
    here: str
    notices: list[str] = field(default_factory=list)
