"""What the pages of accounts show."""

from dataclasses import dataclass, field

from frontend.accounts.schemas import AddressEntry, Person


@dataclass(frozen=True, slots=True)
class DoorPage:
    """Signing in or up. `values` are shown again after a mistake; never a password."""

    next: str
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One's own account. `form`: which of the page's forms `errors` and `values` belong to."""

    person: Person
    addresses: list[AddressEntry]
    countries: tuple[tuple[str, str], ...]
    country_names: dict[str, str]
    form: str = ""
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
