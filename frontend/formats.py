"""Money, dates and numbers as people of a locale write them (CLDR, through Babel)."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from babel.core import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_percent

from chassis.money import decimals
from chassis.schemas import MoneyOut


@lru_cache(maxsize=4096)
def _money(amount: int, currency: str, locale: str) -> str:
    return format_currency(Decimal(amount).scaleb(-decimals(currency)), currency, locale=locale)


def money(value: MoneyOut, locale: str) -> str:
    """`€19.99` or `19,99 €`."""
    return _money(value.amount, value.currency, locale)


def day(moment: datetime, locale: str) -> str:
    """`Nov 23, 2026`, in UTC."""
    return format_date(moment.astimezone(UTC), format="medium", locale=locale)


def moment(at: datetime, locale: str) -> str:
    """Day and time to the minute, in UTC, which it says: the server does not know where its reader is."""
    time = format_time(at.astimezone(UTC), format="short", locale=locale)
    return f"{day(at, locale)}, {time} UTC"


def percent(share: float, locale: str) -> str:
    """`19%`, `7.5%`."""
    return format_percent(share, format="#,##0.##%", locale=locale)


@lru_cache(maxsize=8)
def countries(codes: tuple[str, ...], locale: str) -> tuple[tuple[str, str], ...]:
    """(code, name in the locale) of each country, in the order of the names."""
    names = Locale.parse(locale).territories
    return tuple(sorted(((code, names[code]) for code in codes), key=lambda country: country[1]))
