"""A payment as it stands in the database, with its operations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.money import Money
from payments.providers.protocol import Refs

CREATED = "created"
REQUIRES_ACTION = "requires_action"
PROCESSING = "processing"
AUTHORIZED = "authorized"
CAPTURED = "captured"
FAILED = "failed"
VOIDED = "voided"

RANKS = {CREATED: 0, REQUIRES_ACTION: 1, PROCESSING: 2, AUTHORIZED: 3, CAPTURED: 4}
"""A payment only moves to a higher rank, or from any but the last to a final status."""
FINAL = frozenset({FAILED, VOIDED})


def create_key(payment_id: UUID) -> str:
    return f"pay:{payment_id}:create"


def capture_key(payment_id: UUID) -> str:
    return f"pay:{payment_id}:capture"


def void_key(payment_id: UUID, *, only_if_unpaid: bool) -> str:
    """The two kinds of void are two operations: the one that lost to the money does not end the other."""
    return f"pay:{payment_id}:void" + (":unpaid" if only_if_unpaid else "")


@dataclass(frozen=True, slots=True)
class Operation:
    """Something asked of the provider, or seen there: `pending` and `unknown` ones are still to be settled."""

    kind: str
    key: str
    status: str
    amount: int
    only_if_unpaid: bool
    code: str | None
    message: str | None
    created_at: datetime

    @property
    def is_open(self) -> bool:
        return self.status in ("pending", "unknown")


@dataclass(frozen=True, slots=True)
class Payment:
    """One attempt. `due` is what its order is owed; the amounts below it are minor units of the same currency."""

    id: UUID
    order_id: UUID | None
    """None: a tombstone."""
    order_number: str
    email: str
    provider: str
    method: str
    status: str
    due: Money
    authorized: int
    captured: int
    refund_reserved: int
    refunded: int
    refs: Refs
    redirect_url: str | None
    session_expires_at: datetime | None
    session_seconds: int
    success_url: str
    cancel_url: str
    locale: str
    quarantined: bool
    quarantine_reason: str | None
    version: int
    attempts: int
    created_at: datetime
    read_at: datetime
    """When this was read, by the database's clock."""
    operations: tuple[Operation, ...]

    @classmethod
    def from_row(cls, row: Any) -> "Payment":
        """From a row of `queries.COLUMNS`."""
        return cls(
            id=row["id"],
            order_id=row["order_id"],
            order_number=row["order_number"] or "",
            email=row["email"] or "",
            provider=row["provider"],
            method=row["method"],
            status=row["status"],
            due=Money(row["due_amount"], row["currency"]),
            authorized=row["authorized_amount"],
            captured=row["captured_amount"],
            refund_reserved=row["refund_reserved_amount"],
            refunded=row["refunded_amount"],
            refs=Refs(row["provider_ref"], row["provider_payment_ref"]),
            redirect_url=row["redirect_url"],
            session_expires_at=row["session_expires_at"],
            session_seconds=row["session_seconds"] or 0,
            success_url=row["success_url"] or "",
            cancel_url=row["cancel_url"] or "",
            locale=row["locale"] or "en",
            quarantined=row["quarantined"],
            quarantine_reason=row["quarantine_reason"],
            version=row["version"],
            attempts=row["attempts"],
            created_at=row["created_at"],
            read_at=row["read_at"],
            operations=tuple(_operation(each) for each in row["operations"] or ()),
        )

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def is_live(self) -> bool:
        """Whether it stands in the way of another attempt."""
        return not self.is_final

    def open_operation(self, kind: str) -> Operation | None:
        """The oldest operation of this kind that is not settled."""
        return next((each for each in self.operations if each.kind == kind and each.is_open), None)

    def operation(self, key: str) -> Operation | None:
        """The operation with this idempotency key."""
        return next((each for each in self.operations if each.key == key), None)


def _operation(row: dict[str, Any]) -> Operation:
    return Operation(**{**row, "created_at": datetime.fromisoformat(row["created_at"])})
