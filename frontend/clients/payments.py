"""The payments service: attempts to pay, and a new one when the last is dead."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import Field

from chassis.http import ServiceClient
from chassis.schemas import MoneyOut
from frontend.clients.asking import Asker, Shape


class Operation(Shape):
    """One thing asked of the provider."""

    kind: str | None = None
    type: str | None = None
    status: str
    amount: MoneyOut | int | None = None
    created_at: datetime | None = None


class Payment(Shape):
    """One attempt to pay an order."""

    id: UUID
    order_id: UUID | None
    order_number: str | None = None
    provider: str = ""
    status: str
    amount: MoneyOut
    authorized: MoneyOut | int = 0
    captured: MoneyOut | int = 0
    refunded: MoneyOut | int = 0
    operations: list[Operation] = Field(default_factory=list)
    redirect_url: str | None = None
    created_at: datetime

    @property
    def shown_status(self) -> str:
        """The status as people mean it: money that went back is not "paid" any more."""
        captured, refunded = _amount(self.captured), _amount(self.refunded)
        if not refunded:
            return self.status
        return "refunded" if refunded >= captured else "partially_refunded"


def _amount(value: MoneyOut | int) -> int:
    return value if isinstance(value, int) else value.amount


class PaymentList(Shape):
    """One page of payments, newest first."""

    items: list[Payment]
    next_cursor: str | None


class PaymentsClient:
    """Asks the payments service."""

    def __init__(self, service: ServiceClient) -> None:
        self.service = service

    async def pay_again(self, asker: Asker, *, order_id: UUID, return_url: str, key: str) -> Payment:
        """An attempt that can be paid: a new one, or the one still open.

        Raises RemoteProblem (409 when nothing is owed or the order is over).
        """
        body = {"order_id": str(order_id), "method": "card", "return_url": return_url}
        options = asker.options(idempotency_key=key)
        return await self.service.call(
            "POST", "/payments", Payment, body=body, deadline=8.0, repeatable=True, **options
        )

    async def page(self, asker: Asker, query: Mapping[str, str]) -> PaymentList:
        """One page of the asker's payments; staff see all."""
        return await self.service.call("GET", "/payments", PaymentList, params=query, **asker.options())
