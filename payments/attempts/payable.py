"""What an order is owed, and who may see the payments of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.money import Money


@dataclass(frozen=True, slots=True)
class Payable:
    """The terms of one order. They never change; `is_closed`: no new attempt may begin."""

    order_id: UUID
    order_number: str
    due: Money
    customer_id: UUID | None
    order_token_hash: str | None
    email: str
    is_closed: bool = False

    @classmethod
    def from_row(cls, row: Any) -> "Payable":
        """From a row of the table."""
        return cls(
            row["order_id"],
            row["order_number"],
            Money(row["due_amount"], row["currency"]),
            row["customer_id"],
            row["order_token_hash"],
            row["email"],
            row["closed_at"] is not None,
        )

    def has_terms_of(self, other: "Payable") -> bool:
        """Whether both say the same, closed or not."""
        return (
            self.order_id,
            self.order_number,
            self.due,
            self.customer_id,
            self.order_token_hash,
            self.email,
        ) == (
            other.order_id,
            other.order_number,
            other.due,
            other.customer_id,
            other.order_token_hash,
            other.email,
        )


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose payments are asked for: all of them (staff), a customer's, those of the order a guest's token is for."""

    is_staff: bool = False
    customer_id: UUID | None = None
    order_token_hash: str | None = None

    @property
    def principal(self) -> str:
        """A name for idempotency keys; empty for nobody."""
        if self.customer_id is not None:
            return str(self.customer_id)
        return f"order token {self.order_token_hash}" if self.order_token_hash else ""


@dataclass(frozen=True, slots=True)
class Wish:
    """How an attempt shall run: where the shopper comes back to, how long the page lives, in which language."""

    method: str
    success_url: str
    cancel_url: str
    session_seconds: int
    locale: str
