"""Money: an integer in the currency's minor unit, never without its currency.

Splits use the largest remainder, so that the parts sum exactly to the whole. Rounding is half up and
happens in `fraction` only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision

LARGEST_AMOUNT = 10**15
"""Amounts beyond this are refused at the door (PostgreSQL's bigint holds 9 × 10^18)."""


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met in one sum: a bug."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`amount` minor units (cents, yen, fils) of an ISO 4217 `currency`. May be negative: a discount."""

    amount: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + other.in_currency(self.currency), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - other.in_currency(self.currency), self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times, self.currency)

    def in_currency(self, currency: str) -> int:
        """The amount, asserted to be of `currency`. Raises CurrencyMismatch."""
        if currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} met {currency}")
        return self.amount


@cache
def is_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 code that CLDR knows."""
    return code in get_global("all_currencies")


@cache
def decimals(currency: str) -> int:
    """How many decimals the currency's minor unit has: EUR 2, JPY 0, BHD 3."""
    return get_currency_precision(currency)


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in `len(weights)` parts in proportion to the weights (≥ 0), in their order; the parts sum to `amount`.

    Largest remainder, the earlier part first among equals. All weights zero: equal parts.
    Works for negative amounts by symmetry. Raises ValueError without weights or with a negative one.
    """
    if not weights or min(weights) < 0:
        raise ValueError("split needs one weight or more, none negative")
    if amount < 0:
        return [-part for part in split(-amount, weights)]
    total = sum(weights)
    if total == 0:
        return split(amount, [1] * len(weights))
    parts = [amount * weight // total for weight in weights]
    remainders = [amount * weight % total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return parts


def fraction(amount: int, numerator: int, denominator: int) -> int:
    """`amount × numerator ÷ denominator` rounded half up (away from zero for negative amounts).

    Raises ValueError unless the denominator is positive and the numerator not negative.
    """
    if denominator <= 0 or numerator < 0:
        raise ValueError("fraction needs a positive denominator and no negative numerator")
    sign = -1 if amount < 0 else 1
    return sign * ((2 * abs(amount) * numerator + denominator) // (2 * denominator))


def formatted(amount: int, currency: str, *, locale: str) -> str:
    """The amount as people of `locale` read it: `€19.99`, `19,99 €`. For showing only."""
    return format_currency(Decimal(amount).scaleb(-decimals(currency)), currency, locale=locale)
