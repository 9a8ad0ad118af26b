"""What a list of products was asked for."""

from dataclasses import dataclass
from typing import Literal

from chassis.schemas import Locale

Sort = Literal["relevance", "price", "-price", "newest", "name"]
Status = Literal["draft", "active", "archived"]
Options = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """Which filters a list has, without their values: lists of one shape share one statement."""

    locale: Locale
    text: bool
    category: bool
    price_min: bool
    price_max: bool
    in_stock: bool
    axes: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which products, in which currency and language. Prices are minor units, both ends included.

    `options`: (axis code, value codes) each; values of one axis are alternatives, axes must hold together for
    one and the same variant, which with `in_stock` must be in stock itself.
    """

    currency: str
    locale: Locale
    status: Status = "active"
    text: str | None = None
    category: str | None = None
    price_min: int | None = None
    price_max: int | None = None
    in_stock: bool = False
    options: Options = ()

    def identity(self, sort: Sort) -> list[object]:
        """What a cursor of this list is bound to."""
        return [
            *("products", sort, self.currency, self.locale, self.status, self.text, self.category),
            *(self.price_min, self.price_max, self.in_stock, self.options),
        ]

    def shape(self) -> Shape:
        """Which statement answers this."""
        return Shape(
            self.locale,
            self.text is not None,
            self.category is not None,
            self.price_min is not None,
            self.price_max is not None,
            self.in_stock,
            len(self.options),
        )

    def values(self) -> dict[str, object]:
        """What the statement's parameters are called → what they are."""
        found: dict[str, object] = {
            "currency": self.currency,
            "locale": self.locale,
            "status": self.status,
            "text": self.text,
            "category": self.category,
            "price_min": self.price_min,
            "price_max": self.price_max,
        }
        for place, (axis, values) in enumerate(self.options):
            found[f"axis_{place}"] = axis
            found[f"choices_{place}"] = list(values)
        return found
