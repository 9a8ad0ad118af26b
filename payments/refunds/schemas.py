"""Refunds on the wire."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from chassis.schemas import Line, MoneyIn, MoneyOut, Out, StrictIn, Uuid
from payments.attempts import examples
from payments.refunds.refund import Refund

REFUND_ID = "0199c0ff-ee00-7000-b000-0000000000bb"


class RefundPut(StrictIn):
    """Money back: of which payment, how much, why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"payment_id": examples.ID, "amount": examples.AMOUNT, "reason": "returned"}]
        }
    )

    payment_id: Uuid
    amount: MoneyIn
    reason: Annotated[Line, Field(examples=["returned"])]


class RefundFact(Out):
    """What is known about one refund."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": REFUND_ID, "payment_id": examples.ID, "amount": examples.AMOUNT, "status": "succeeded"}
            ]
        }
    )

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
