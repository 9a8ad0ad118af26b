"""Money, as orders see it: facts to ask for, never to assume."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from chassis.http import RemoteProblem, ServiceClient
from chassis.money import Money
from chassis.schemas import MoneyOut

LIVE = frozenset({"created", "requires_action", "processing"})
DEAD = frozenset({"failed", "voided"})


class PaymentFact(BaseModel):
    """One attempt to pay an order, as far as payments know. Amounts in minor units."""

    id: UUID
    status: Literal["created", "requires_action", "processing", "authorized", "captured", "failed", "voided"]
    amount: MoneyOut | None = None
    authorized: int = 0
    captured: int = 0
    refund_reserved: int = 0
    refunded: int = 0
    quarantined: bool = False
    redirect_url: str | None = None

    @property
    def has_money(self) -> bool:
        """Whether the shopper's money is reserved or taken, and of the right amount."""
        return self.status in ("authorized", "captured") and not self.quarantined

    @property
    def is_live(self) -> bool:
        """Whether it may still be paid."""
        return self.status in LIVE

    @property
    def unreturned(self) -> int:
        """What was taken and is not on its way back."""
        return self.captured - self.refund_reserved


class Payable(BaseModel):
    """All attempts to pay one order, the newest last."""

    payments: list[PaymentFact] = []
    authorized: int = 0
    captured: int = 0
    refunded: int = 0


class RefundFact(BaseModel):
    """One refund, as far as payments know."""

    id: UUID
    status: Literal["pending", "succeeded", "failed"]


class PaymentRequest(BaseModel):
    """What payments need to let an order be paid. The same for every repetition."""

    order_id: UUID
    order_number: str
    amount: MoneyOut
    method: str
    email: str
    customer_id: UUID | None
    order_token_hash: str | None
    success_url: str
    cancel_url: str
    session_seconds: int
    locale: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will not let this be paid, now or later."""

    detail: str


@dataclass(frozen=True, slots=True)
class AnotherLive:
    """Another attempt to pay the same order is open."""


class Payments:
    """The payments service."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def open(self, payment_id: UUID, request: PaymentRequest) -> PaymentFact | Refused | AnotherLive:
        """The attempt exists; without `redirect_url` while the provider is slow.

        Raises RemoteUnavailable, or RemoteProblem for what is no answer to expect.
        """
        try:
            return await self._client.call(
                "PUT", f"/internal/payments/{payment_id}", PaymentFact, body=request
            )
        except RemoteProblem as problem:
            if (problem.status, problem.code) == (409, "provider_refused") or problem.status == 410:
                return Refused(problem.code)
            if (problem.status, problem.code) == (409, "payment_in_progress"):
                return AnotherLive()
            raise

    async def payable(self, order_id: UUID) -> Payable:
        """What is known about the order's money; nothing when payments never heard of it."""
        try:
            return await self._client.call("GET", f"/internal/payables/{order_id}", Payable)
        except RemoteProblem as problem:
            if problem.status == 404:
                return Payable()
            raise

    async def sync(self, payment_id: UUID) -> PaymentFact:
        """The fact after payments asked the provider."""
        return await self._client.call("PUT", f"/internal/payments/{payment_id}/sync", PaymentFact, body={})

    async def capture(self, payment_id: UUID, amount: Money) -> PaymentFact | Refused:
        """Captured, or the fact as it is while the outcome is unknown."""
        body = {"amount": {"amount": amount.amount, "currency": amount.currency}}
        path = f"/internal/payments/{payment_id}/capture"
        try:
            return await self._client.call("PUT", path, PaymentFact, body=body)
        except RemoteProblem as problem:
            if (problem.status, problem.code) == (409, "capture_declined") or problem.status == 410:
                return Refused(problem.code)
            raise

    async def void(self, payment_id: UUID, *, only_if_unpaid: bool, reason: str) -> PaymentFact:
        """The fact after closing was tried; an id that payments do not know can never be paid from now on."""
        body = {"only_if_unpaid": only_if_unpaid, "reason": reason}
        return await self._client.call("PUT", f"/internal/payments/{payment_id}/void", PaymentFact, body=body)

    async def refund(
        self, refund_id: UUID, *, payment_id: UUID, amount: Money, reason: str
    ) -> RefundFact | Refused:
        """The refund as it stands. Refused: more than is left of what was captured."""
        body = {
            "payment_id": str(payment_id),
            "amount": {"amount": amount.amount, "currency": amount.currency},
            "reason": reason,
        }
        try:
            return await self._client.call("PUT", f"/internal/refunds/{refund_id}", RefundFact, body=body)
        except RemoteProblem as problem:
            if (problem.status, problem.code) == (409, "refund_exceeds_captured"):
                return Refused(problem.code)
            raise
