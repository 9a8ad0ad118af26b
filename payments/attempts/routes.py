"""Payments as people see them: their own, or all of them for staff."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from chassis.errors import Forbidden, NotFound
from chassis.idempotency import KeyHeader, KeyInFlight, KeyReused, keyed
from chassis.openapi import responses
from chassis.pagination import CursorIn, InvalidCursor, Limit, Page
from chassis.routing import Router
from chassis.schemas import TimestampIn, Uuid
from payments.attempts import list_queries, queries
from payments.attempts.again import pay_again, refuse_foreign, with_canceled
from payments.attempts.closing import is_closing, void_attempt
from payments.attempts.errors import (
    AlreadyPaid,
    ForeignReturnUrl,
    NothingOwed,
    PaymentOpening,
    PaymentSettled,
    ProviderRefused,
    TooManyAttempts,
    UnknownMethod,
)
from payments.attempts.list_queries import Wanted
from payments.attempts.opening import needs_opening, refuse_dead
from payments.attempts.payable import Viewer
from payments.attempts.payment import AUTHORIZED, CAPTURED, CREATED, Payment
from payments.attempts.schemas import PaymentOut, PaymentPost, ReturnPut, Status
from payments.deps import TheCursors, TheDesk, TheSettings, TheViewer
from payments.desk import Desk

router = Router(tags=["payments"], responses=responses(Forbidden))


@router.get("/payments", summary="List payments", responses=responses(InvalidCursor))
async def list_payments(  # each filter is a query key
    viewer: TheViewer,
    desk: TheDesk,
    cursors: TheCursors,
    order_id: Annotated[Uuid | None, Query(description="Payments of this order.")] = None,
    status: Annotated[Status | None, Query()] = None,
    provider: Annotated[str | None, Query(max_length=40, pattern="^[a-z_]+$", examples=["stripe"])] = None,
    quarantined: Annotated[bool | None, Query(description="Payments that do not add up.")] = None,
    customer_id: Annotated[Uuid | None, Query(description="Payments of this customer's orders.")] = None,
    created_from: Annotated[TimestampIn | None, Query(description="Not before this moment.")] = None,
    created_to: Annotated[TimestampIn | None, Query(description="Before this moment.")] = None,
    limit: Limit = 24,
    cursor: CursorIn = None,
) -> Page[PaymentOut]:
    """Newest first. Customers see theirs, a guest with `X-Order-Token` that order's, staff all."""
    wanted = Wanted(order_id, status, provider, quarantined, customer_id, created_from, created_to)
    scope = ("payments", viewer.is_staff, viewer.principal, *_texts(wanted))
    after = _position(cursors.decode(scope, cursor, length=2)) if cursor else None
    found = await list_queries.page(desk.db, viewer, wanted, after=after, count=limit + 1)
    shown = found[:limit]
    following = None
    if len(found) > limit:
        following = cursors.encode(scope, (shown[-1].created_at.isoformat(), str(shown[-1].id)))
    return Page(
        items=[PaymentOut.of(each, for_staff=viewer.is_staff) for each in shown], next_cursor=following
    )


@router.post(
    "/payments",
    status_code=201,
    summary="Pay an order, again",
    responses={
        200: {"model": PaymentOut, "description": "The attempt that is open already"},
        202: {"model": PaymentOut, "description": "Begun; `redirect_url` follows when the provider answers"},
        **responses(
            NotFound,
            NothingOwed,
            TooManyAttempts,
            ProviderRefused,
            UnknownMethod,
            ForeignReturnUrl,
            KeyReused,
            KeyInFlight,
        ),
    },
)
async def post_payment(
    wanted: PaymentPost,
    viewer: TheViewer,
    desk: TheDesk,
    settings: TheSettings,
    request: Request,
    response: Response,
    key: KeyHeader = None,
) -> PaymentOut:
    """A new attempt on what the order is owed, when the one before is dead; else the one that is open."""
    refuse_foreign(wanted.return_url, settings.allowed_origins)
    attempt = await pay_again(
        desk,
        wanted.order_id,
        wanted.method,
        wanted.return_url,
        viewer=viewer,
        key=await keyed(request, key, viewer.principal),
    )
    if attempt.is_replay:
        response.headers["Idempotent-Replayed"] = "true"
    else:
        refuse_dead(attempt.payment)
    if not attempt.is_new:
        response.status_code = 200
    elif needs_opening(attempt.payment):
        response.status_code = 202
    return PaymentOut.of(attempt.payment, for_staff=viewer.is_staff)


@router.get("/payments/{payment_id}", summary="Look at a payment", responses=responses(NotFound))
async def get_payment(payment_id: Uuid, viewer: TheViewer, desk: TheDesk) -> PaymentOut:
    """One attempt to pay an order, with everything that was asked of the provider."""
    payment = await _mine(desk, viewer, payment_id)
    return PaymentOut.of(payment, for_staff=viewer.is_staff)


@router.put(
    "/payments/{payment_id}",
    summary="Change where the shopper comes back to",
    responses=responses(NotFound, PaymentSettled, PaymentOpening, ForeignReturnUrl),
)
async def put_payment(
    payment_id: Uuid, wanted: ReturnPut, viewer: TheViewer, desk: TheDesk, settings: TheSettings
) -> PaymentOut:
    """The return address, and nothing else. A page that the provider has opened already keeps the address it was
    opened with; a further attempt to pay this order takes the new one."""
    refuse_foreign(wanted.return_url, settings.allowed_origins)
    before = await _mine(desk, viewer, payment_id)
    changed = await queries.change_return(
        desk.db, payment_id, wanted.return_url, with_canceled(wanted.return_url)
    )
    if not changed:
        raise PaymentOpening if before.status == CREATED else PaymentSettled
    return PaymentOut.of(await _mine(desk, viewer, payment_id), for_staff=viewer.is_staff)


@router.delete(
    "/payments/{payment_id}",
    summary="Void a payment that is not paid",
    responses={
        202: {"model": PaymentOut, "description": "Asked for; the provider decides"},
        **responses(NotFound, AlreadyPaid),
    },
)
async def delete_payment(
    payment_id: Uuid, viewer: TheViewer, desk: TheDesk, response: Response
) -> PaymentOut:
    """Nothing can be paid with this attempt any more; the order may be paid with another. Money that is authorized
    already is given back by canceling the order."""
    await _mine(desk, viewer, payment_id)
    closing = void_attempt(
        desk, payment_id, only_if_unpaid=True, reason="asked for by a person", announce=True
    )
    payment = await desk.patiently(closing) or await _mine(desk, viewer, payment_id)
    if payment.status in (AUTHORIZED, CAPTURED):
        raise AlreadyPaid
    if is_closing(payment):
        response.status_code = 202
    return PaymentOut.of(payment, for_staff=viewer.is_staff)


async def _mine(desk: Desk, viewer: Viewer, payment_id: UUID) -> Payment:
    payment = await list_queries.mine(desk.db, viewer, payment_id)
    if payment is None:
        raise NotFound
    return payment


def _texts(wanted: Wanted) -> list[str]:
    return [str(getattr(wanted, name)) for name in list_queries.CONDITIONS]


def _position(values: list[str]) -> tuple[datetime, UUID]:
    return datetime.fromisoformat(values[0]), UUID(values[1])
