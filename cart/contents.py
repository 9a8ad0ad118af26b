"""What is in a cart: plain values, as the database has them."""

from dataclasses import dataclass
from uuid import UUID

MOST_PIECES = 999
"""Of one variant in one cart; what is added beyond is cut off."""

MOST_LINES = 100
"""Different variants that a shopper can put into one cart. A merge never loses lines, so it may exceed this."""

LONGEST_NOTE = 500
"""Characters."""


@dataclass(frozen=True, slots=True)
class Line:
    """`quantity` pieces (1 to 999) of one variant; `sku` is what products called it when it was last added."""

    id: UUID
    variant_id: UUID
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Cart:
    """One cart. `version` grows with every change; `lines` in the order they were first added."""

    id: UUID
    version: int
    customer_id: UUID | None
    note: str
    lines: tuple[Line, ...]

    def line(self, line_id: UUID) -> Line | None:
        """The line with this id; None when it is not in this cart."""
        return next((line for line in self.lines if line.id == line_id), None)
