"""The arithmetic of a quote. Pure; integers of one currency's minor unit; every sum is exact.

Prices include the destination's tax. A discount is split over the lines in proportion to their worth (largest
remainder); the tax in a line is rounded once, after its discount; the total is what the parts sum to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chassis.money import fraction, split

WHOLE = 10_000
"""Basis points in one."""


@dataclass(frozen=True, slots=True)
class Goods:
    """One line before anything is taken off: price of one, how many, tax rate in basis points of the net."""

    unit_price: int
    quantity: int
    tax_basis_points: int

    @property
    def worth(self) -> int:
        """What the line costs without discount."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Discount:
    """What a coupon takes off the goods: `value` percent, or `value` minor units, of `minimum` or more."""

    kind: Literal["percent", "amount"]
    value: int
    minimum: int = 0

    def applies(self, subtotal: int) -> bool:
        """Whether there are enough goods for it."""
        return subtotal >= self.minimum

    def of(self, subtotal: int) -> int:
        """What it takes off `subtotal`: never more than there is, half up to a whole unit."""
        off = fraction(subtotal, self.value, 100) if self.kind == "percent" else self.value
        return min(off, subtotal)


@dataclass(frozen=True, slots=True)
class Rate:
    """What a way of delivery costs, and from which worth of goods on it is free (None: never)."""

    price: int
    free_above: int | None
    tax_basis_points: int

    def for_goods(self, worth: int) -> int:
        """The price of delivering goods worth `worth` after discounts."""
        return 0 if self.free_above is not None and worth >= self.free_above else self.price


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its part of everything; `tax` is contained in `total`."""

    worth: int
    discount: int
    tax: int
    total: int


@dataclass(frozen=True, slots=True)
class Totals:
    """`total = subtotal - discount + shipping`; `tax` is contained in it: of the lines and of the shipping."""

    lines: tuple[PricedLine, ...]
    subtotal: int
    discount: int
    shipping: int
    shipping_tax: int
    tax: int
    total: int


def tax_in(gross: int, basis_points: int) -> int:
    """The tax contained in a gross amount at a rate on the net, half up."""
    return fraction(gross, basis_points, WHOLE + basis_points)


def price(goods: Sequence[Goods], discount: Discount | None, rate: Rate | None) -> Totals:
    """The totals of one line or more; `discount` must apply, `rate` None means nothing is delivered (yet)."""
    subtotal = sum(line.worth for line in goods)
    off = discount.of(subtotal) if discount else 0
    shares = split(off, [line.worth for line in goods])
    lines = tuple(_priced(line, share) for line, share in zip(goods, shares, strict=True))
    shipping = rate.for_goods(subtotal - off) if rate else 0
    shipping_tax = tax_in(shipping, rate.tax_basis_points) if rate else 0
    return Totals(
        lines=lines,
        subtotal=subtotal,
        discount=off,
        shipping=shipping,
        shipping_tax=shipping_tax,
        tax=sum(line.tax for line in lines) + shipping_tax,
        total=subtotal - off + shipping,
    )


def _priced(line: Goods, discount: int) -> PricedLine:
    total = line.worth - discount
    return PricedLine(line.worth, discount, tax_in(total, line.tax_basis_points), total)


def options_label(options: dict[str, str]) -> str:
    """A variant's choices as one text: `Size: M, Colour: red`; empty without any."""
    return ", ".join(f"{name}: {value}" for name, value in options.items())
