"""What orders asks of payments. Every write is a PUT on an id that orders chose, and may be repeated.

200 is the fact, 202 is the fact as it is while the provider has not answered: ask again.
"""

from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from fastapi import Response

from chassis.errors import FieldError, Forbidden, Invalid, NotFound
from chassis.openapi import responses
from chassis.routing import Router
from chassis.schemas import Uuid
from payments.attempts import payable_queries, queries
from payments.attempts.asking import sync
from payments.attempts.capturing import capture
from payments.attempts.closing import is_closing, void
from payments.attempts.errors import (
    CaptureDeclined,
    IdReused,
    NotAuthorized,
    PaymentInProgress,
    PaymentVoided,
    ProviderRefused,
    Quarantined,
    UnknownMethod,
)
from payments.attempts.opening import PROVIDER_OF, needs_opening, open_attempt
from payments.attempts.payment import CAPTURED, Payment
from payments.attempts.schemas import CapturePut, PayableOut, PaymentFact, PaymentPut, SyncPut, VoidPut
from payments.deps import OrdersOnly, TheDesk
from payments.desk import Desk

router = Router(
    prefix="/internal", tags=["internal"], dependencies=[OrdersOnly], responses=responses(Forbidden)
)
ASK_AGAIN: dict[int | str, dict[str, Any]] = {
    202: {"model": PaymentFact, "description": "The provider has not answered yet: ask again"}
}


@router.put(
    "/payments/{payment_id}",
    summary="Open an attempt to pay an order",
    responses={
        **ASK_AGAIN,
        **responses(PaymentInProgress, ProviderRefused, PaymentVoided, IdReused, UnknownMethod),
    },
)
async def put_payment(payment_id: Uuid, wanted: PaymentPut, desk: TheDesk, response: Response) -> PaymentFact:
    """The attempt exists, and its `redirect_url` when the provider was quick. Addresses, language and duration are
    those of the first request; other terms for the same id are 422."""
    if wanted.method not in PROVIDER_OF:
        raise UnknownMethod(errors=[FieldError("/method", "unknown_payment_method", "must be card")])
    if wanted.amount.amount == 0:
        raise Invalid(errors=[FieldError("/amount/amount", "greater_than_equal", "must be at least 1")])
    opening = open_attempt(desk, payment_id, wanted.payable(), wanted.wish())
    payment = await _patiently(desk, payment_id, opening)
    if needs_opening(payment):
        response.status_code = 202
    return PaymentFact.of(payment)


@router.get(
    "/payables/{order_id}",
    summary="What an order is owed and what was paid",
    responses=responses(NotFound),
)
async def get_payable(order_id: Uuid, desk: TheDesk) -> PayableOut:
    """The payable and all its payments, the newest last. The provider is not asked."""
    payable = await payable_queries.payable(desk.db, order_id)
    if payable is None:
        raise NotFound
    return PayableOut.of(payable, await queries.payments_of(desk.db, order_id))


@router.put(
    "/payments/{payment_id}/sync",
    summary="Ask the provider where a payment stands",
    responses={**ASK_AGAIN, **responses(NotFound)},
)
async def put_sync(payment_id: Uuid, _: SyncPut, desk: TheDesk, response: Response) -> PaymentFact:
    """The fact after the provider was asked; what it said is recorded."""
    payment = await desk.patiently(sync(desk, payment_id, announce=False))
    if payment is None:
        response.status_code = 202
        payment = await _stored(desk, payment_id)
    return PaymentFact.of(payment)


@router.put(
    "/payments/{payment_id}/capture",
    summary="Take the authorized money",
    responses={**ASK_AGAIN, **responses(NotFound, CaptureDeclined, NotAuthorized, Quarantined, IdReused)},
)
async def put_capture(payment_id: Uuid, wanted: CapturePut, desk: TheDesk, response: Response) -> PaymentFact:
    """The payment is captured. `amount` is what is due, all of it."""
    payment = await _patiently(desk, payment_id, capture(desk, payment_id, wanted.amount.money()))
    if payment.status != CAPTURED:
        response.status_code = 202
    return PaymentFact.of(payment)


@router.put(
    "/payments/{payment_id}/void",
    summary="Close the door: nothing can be paid afterwards",
    responses=ASK_AGAIN,
)
async def put_void(payment_id: Uuid, wanted: VoidPut, desk: TheDesk, response: Response) -> PaymentFact:
    """The payment is voided or failed; or still authorized or captured, when the money won. An unknown id is voided
    for ever."""
    closing = void(desk, payment_id, only_if_unpaid=wanted.only_if_unpaid, reason=wanted.reason)
    payment = await _patiently(desk, payment_id, closing)
    if is_closing(payment):
        response.status_code = 202
    return PaymentFact.of(payment)


async def _patiently(desk: Desk, payment_id: UUID, work: Coroutine[Any, Any, Payment]) -> Payment:
    """What `work` makes of the payment; when that takes too long, the payment as it is while the work goes on."""
    return await desk.patiently(work) or await _stored(desk, payment_id)


async def _stored(desk: Desk, payment_id: UUID) -> Payment:
    payment = await queries.payment(desk.db, payment_id)
    if payment is None:
        raise NotFound
    return payment
