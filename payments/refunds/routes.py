"""What orders asks about refunds."""

from fastapi import Response

from chassis.errors import FieldError, Forbidden, Invalid, NotFound
from chassis.openapi import responses
from chassis.routing import Router
from chassis.schemas import Uuid
from payments.attempts.errors import IdReused
from payments.deps import OrdersOnly, TheDesk
from payments.refunds import queries
from payments.refunds.errors import RefundExceedsCaptured
from payments.refunds.refund import PENDING
from payments.refunds.schemas import RefundFact, RefundPut
from payments.refunds.service import refund

router = Router(
    prefix="/internal", tags=["internal"], dependencies=[OrdersOnly], responses=responses(Forbidden)
)


@router.put(
    "/refunds/{refund_id}",
    summary="Give money back",
    responses={
        202: {"model": RefundFact, "description": "The provider has not decided yet: ask again"},
        **responses(NotFound, RefundExceedsCaptured, IdReused),
    },
)
async def put_refund(refund_id: Uuid, wanted: RefundPut, desk: TheDesk, response: Response) -> RefundFact:
    """The amount is reserved and asked of the provider. All refunds of a payment together never exceed what it captured."""
    if wanted.amount.amount == 0:
        raise Invalid(errors=[FieldError("/amount/amount", "greater_than_equal", "must be at least 1")])
    refunding = refund(
        desk, refund_id, payment_id=wanted.payment_id, amount=wanted.amount.money(), reason=wanted.reason
    )
    made = await desk.patiently(refunding) or await queries.refund(desk.db, refund_id)
    if made is None:
        raise NotFound
    if made.status == PENDING:
        response.status_code = 202
    return RefundFact.of(made)
