"""Refunds on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from chassis.schemas import Line, MoneyIn, MoneyOut, Out, StrictIn, Uuid
from payments.refunds.refund import Refund


class RefundPut(StrictIn):
    """Money back: of which payment, how much, why."""

    payment_id: Uuid
    amount: MoneyIn
    reason: Annotated[Line, Field(examples=["returned"])]


class RefundFact(Out):
    """What is known about one refund."""

    id: Uuid
    payment_id: Uuid
    amount: MoneyOut
    status: Literal["pending", "succeeded", "failed"]

    @classmethod
    def of(cls, refund: Refund) -> "RefundFact":
        return cls(
            id=refund.id,
            payment_id=refund.payment_id,
            amount=MoneyOut.of(refund.amount),
            status=refund.status,
        )
