"""What a list of products was asked for."""

from dataclasses import dataclass
from typing import Literal

from chassis.schemas import Locale

Sort = Literal["relevance", "price", "-price", "newest", "name"]
Status = Literal["draft", "active", "archived"]


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
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def identity(self, sort: Sort) -> list[object]:
        """What a cursor of this list is bound to."""
        return [
            *("products", sort, self.currency, self.locale, self.status, self.text, self.category),
            *(self.price_min, self.price_max, self.in_stock, self.options),
        ]
