"""What a payment provider can be asked, and all that it can answer. Amounts are Money, times are durations' ends.

An answer is one of three kinds: what is there now (`Snapshot`, `RefundSnapshot`), a definite no (`Refused`), or
`Unknown`: it may have happened or not, ask again. A provider never raises for what it was told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from chassis.money import Money


class Stage(StrEnum):
    """How far a payment is, as the provider sees it."""

    OPEN = "open"
    """The shopper can still pay (perhaps after a declined card)."""
    PROCESSING = "processing"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    CLOSED = "closed"
    """Nothing can be paid any more, and nothing was."""


@dataclass(frozen=True, slots=True)
class Refs:
    """The provider's names: of the page (or request) we opened, and of the payment, which may come later."""

    page: str | None = None
    payment: str | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything needed to open one attempt. Repeating it with the same `key` opens nothing new."""

    payment_id: UUID
    order_id: UUID
    order_number: str
    amount: Money
    email: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    locale: str
    key: str


@dataclass(frozen=True, slots=True)
class Decline:
    """A card that was refused; the attempt goes on. `ref` tells one refusal from the next."""

    ref: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where one payment stands at the provider. Amounts are in `currency`, whatever the payable's is."""

    stage: Stage
    refs: Refs
    currency: str
    authorized: int
    captured: int
    payment_id: str | None
    """Which payment of ours the provider thinks it is; None when it was never told."""
    redirect_url: str | None = None
    decline: Decline | None = None


@dataclass(frozen=True, slots=True)
class RefundSnapshot:
    """Where one refund stands. `refund_id` is ours, None when the provider made it for somebody else."""

    ref: str
    refund_id: UUID | None
    status: str
    """`pending`, `succeeded` or `failed`."""
    amount: Money
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Definitely not done, and repeating will not help. `code` is the provider's."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No usable answer: done or not done, only asking again tells."""

    reason: str


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """A verified webhook. Beyond its id it is a hint; `stage` is how far it claims the payment is, if it does."""

    id: str
    type: str
    refs: Refs
    payment_id: str | None
    stage: Stage | None
    about_refunds: bool


class BadSignature(Exception):
    """A webhook that the provider did not sign, or signed too long ago."""


class Provider(Protocol):
    """One payment provider. Every call may be repeated; `deadline` is in seconds."""

    name: str

    async def open(self, opening: Opening) -> Snapshot | Refused | Unknown:
        """The shopper can pay at the snapshot's `redirect_url`."""
        ...

    async def read(self, refs: Refs, *, deadline: float | None = None) -> Snapshot | Refused | Unknown:
        """Where the payment stands. Refused: the provider knows no such thing."""
        ...

    async def find(self, payment_id: UUID) -> Snapshot | Refused | Unknown:
        """The payment that carries our id, when its refs were lost. Refused: there is none."""
        ...

    async def capture(self, refs: Refs, amount: Money, *, key: str) -> Snapshot | Refused | Unknown:
        """The authorized amount is ours."""
        ...

    async def close(self, refs: Refs, *, only_if_unpaid: bool, key: str) -> Snapshot | Refused | Unknown:
        """The door is shut and the snapshot says who won: CLOSED, or AUTHORIZED or CAPTURED when the money did.

        An authorization is given back unless `only_if_unpaid`.
        """
        ...

    async def refund(
        self, refs: Refs, amount: Money, *, refund_id: UUID, key: str
    ) -> RefundSnapshot | Refused | Unknown:
        """`amount` of what was captured goes back."""
        ...

    async def refunds(self, refs: Refs) -> Sequence[RefundSnapshot] | Unknown:
        """All refunds of a payment."""
        ...

    def event(self, body: bytes, signature: str) -> ProviderEvent:
        """The webhook that `body` is. Raises BadSignature."""
        ...

    async def aclose(self) -> None:
        """Its connections are closed."""
        ...
