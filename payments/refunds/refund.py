"""A refund as it stands in the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.money import Money

PENDING = "pending"
SUCCEEDED = "succeeded"
REFUND_FAILED = "failed"


def refund_key(refund_id: UUID) -> str:
    return f"ref:{refund_id}"


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back, already reserved from what its payment captured."""

    id: UUID
    payment_id: UUID
    order_id: UUID
    amount: Money
    reason: str
    status: str
    provider_ref: str | None
    failure: str | None
    attempts: int
    created_at: datetime
    read_at: datetime
    """When this was read, by the database's clock."""

    @classmethod
    def from_row(cls, row: Any) -> "Refund":
        """From a row of `queries.COLUMNS`."""
        return cls(
            id=row["id"],
            payment_id=row["payment_id"],
            order_id=row["order_id"],
            amount=Money(row["amount"], row["currency"]),
            reason=row["reason"],
            status=row["status"],
            provider_ref=row["provider_ref"],
            failure=row["failure"],
            attempts=row["attempts"],
            created_at=row["created_at"],
            read_at=row["read_at"],
        )
