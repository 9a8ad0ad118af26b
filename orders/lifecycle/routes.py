"""`/orders` for those who look at, edit and cancel orders."""

from dataclasses import astuple
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Response

from chassis.auth import AnyCaller, Caller, KnownCaller, StaffCaller
from chassis.errors import Forbidden, PreconditionFailed, PreconditionRequired, Unauthenticated
from chassis.etags import IfMatch, edited_version, etag
from chassis.openapi import responses
from chassis.pagination import CursorIn, InvalidCursor, Limit, Page
from chassis.routing import Router
from chassis.schemas import Email, Uuid
from orders import examples
from orders.deps import OrderTokenHeader, ShopDep
from orders.lifecycle import errors, service
from orders.lifecycle.queries import reading
from orders.lifecycle.queries.reading import Filters, Viewer
from orders.lifecycle.schemas import OrderOut, OrderPut, OrderSummary
from orders.lifecycle.states import PaymentStatus, Status
from orders.lifecycle.view import order_out, summary
from orders.tokens import token_hash

router = Router(tags=["Orders"])

OrderId = Annotated[Uuid, Path(description="The order's id.", examples=[examples.ORDER_ID])]
PRIVATE = {"Cache-Control": "no-store"}


def _viewer(who: AnyCaller, order_token: OrderTokenHeader = None) -> Viewer:
    """Whoever may have an order to look at. Raises Unauthenticated without any identity, Forbidden for services."""
    if who.is_service:
        raise Forbidden("This is for people.")
    if who.customer_id is None and order_token is None:
        raise Unauthenticated("Sign in, or send the order's secret as `X-Order-Token`.")
    hashed = token_hash(order_token) if order_token is not None else None
    return Viewer(staff=who.is_staff, customer_id=who.customer_id, token_hash=hashed)


ViewerDep = Annotated[Viewer, Depends(_viewer)]


def _actor(who: Caller) -> str | None:
    return (who.email or who.subject) if who.is_staff else None


@router.get(
    "/orders",
    summary="List orders",
    responses=responses(InvalidCursor, Unauthenticated, Forbidden),
)
async def list_orders(
    shop: ShopDep,
    who: KnownCaller,
    response: Response,
    limit: Limit = 20,
    cursor: CursorIn = None,
    status: Annotated[Status | None, Query(description="Only orders in this state.")] = None,
    payment_status: Annotated[PaymentStatus | None, Query(description="Only with their money so.")] = None,
    number: Annotated[
        str | None, Query(pattern="^[0-9A-Za-z]{8}$", description="The one with this number.")
    ] = None,
    email: Annotated[Email | None, Query(description="Only those ordered under this address.")] = None,
    stuck: Annotated[bool | None, Query(description="For staff: only those that wait for a person.")] = None,
) -> Page[OrderSummary]:
    """A customer's own orders, or all for staff; the newest first."""
    if who.is_service:
        raise Forbidden("This is for people.")
    viewer = Viewer(staff=who.is_staff, customer_id=who.customer_id)
    filters = Filters(status, payment_status, number, email, stuck if who.is_staff else None)
    scope = ["orders", None if who.is_staff else who.subject, *astuple(filters)]
    before = UUID(shop.cursors.decode(scope, cursor, length=1)[0]) if cursor is not None else None
    rows = await reading.page(shop.db, viewer, filters, before=before, limit=limit + 1)
    shown = [summary(row, staff=who.is_staff) for row in rows[:limit]]
    following = shop.cursors.encode(scope, [shown[-1].id]) if len(rows) > limit else None
    response.headers.update(PRIVATE)
    return Page[OrderSummary](items=shown, next_cursor=following)


@router.get(
    "/orders/{order_id}",
    summary="Look at an order",
    responses=responses(errors.OrderNotFound, Unauthenticated, Forbidden),
)
async def get_order(
    order_id: OrderId,
    shop: ShopDep,
    viewer: ViewerDep,
    response: Response,
    wait: Annotated[
        float,
        Query(
            ge=0, le=5, allow_inf_nan=False, description="Seconds to wait for news while it is on its way."
        ),
    ] = 0,
) -> OrderOut:
    """The order with its timeline: for its customer, for whoever has its secret, for staff.

    With `wait` the answer comes as soon as something has changed; the payment provider is asked meanwhile.
    """
    row = await service.wait(shop, order_id, viewer, seconds=wait)
    response.headers.update({**PRIVATE, "ETag": etag(row["version"])})
    return order_out(row, staff=viewer.staff)


@router.put(
    "/orders/{order_id}",
    summary="Correct addresses and note",
    responses=responses(
        errors.OrderNotFound,
        errors.NotEditable,
        errors.CountryFixed,
        PreconditionFailed,
        PreconditionRequired,
        Unauthenticated,
        Forbidden,
    ),
)
async def put_order(
    order_id: OrderId,
    wanted: OrderPut,
    shop: ShopDep,
    who: AnyCaller,
    viewer: ViewerDep,
    response: Response,
    if_match: IfMatch = None,
) -> OrderOut:
    """While nothing has been sent. Lines, totals and the country of delivery stay as they are.

    Staff must send `If-Match` with the `ETag` they saw; others may.
    """
    version = edited_version(if_match) if viewer.staff or if_match is not None else None
    row = await service.edit(shop, order_id, viewer, wanted, version=version, actor=_actor(who))
    response.headers.update({**PRIVATE, "ETag": etag(row["version"])})
    return order_out(row, staff=viewer.staff)


@router.delete(
    "/orders/{order_id}",
    status_code=202,
    summary="Cancel an order",
    responses={
        200: {"model": OrderOut, "description": "It was canceled before"},
        **responses(errors.OrderNotFound, errors.NotCancelable, Unauthenticated, Forbidden),
    },
)
async def delete_order(
    order_id: OrderId, shop: ShopDep, who: AnyCaller, viewer: ViewerDep, response: Response
) -> OrderOut:
    """Asks for it: the payment provider decides. What is not paid is voided, what is paid is refunded, then the goods
    are freed. The order is never erased. Possible until goods are sent; repeating is safe.
    """
    if await service.cancel(shop, order_id, viewer, actor=_actor(who)):
        response.status_code = 200
    row = await service.read(shop, order_id, viewer)
    response.headers.update(PRIVATE)
    return order_out(row, staff=viewer.staff)


@router.post(
    "/orders/{order_id}/retry",
    status_code=202,
    summary="Try a stuck order again",
    responses=responses(errors.OrderNotFound, Unauthenticated, Forbidden),
)
async def retry_order(order_id: OrderId, shop: ShopDep, who: StaffCaller, response: Response) -> OrderOut:
    """For staff: the step that an order is at is tried now. Repeating is safe."""
    await service.retry(shop, order_id, actor=_actor(who) or "")
    row = await service.read(shop, order_id, Viewer(staff=True))
    response.headers.update(PRIVATE)
    return order_out(row, staff=True)
