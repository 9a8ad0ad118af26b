"""`POST /orders`, and where payments tell their news."""

import hashlib
from typing import Annotated

from fastapi import Depends, Path, Request, Response

from chassis import idempotency
from chassis.auth import AnyCaller, OneOf
from chassis.errors import Forbidden, Unauthenticated
from chassis.idempotency import KeyHeader, KeyInFlight, KeyReused
from chassis.languages import Language
from chassis.openapi import responses
from chassis.routing import Router
from chassis.schemas import Uuid
from orders.checkout import errors
from orders.checkout.place import place_order
from orders.checkout.schemas import EventPut, OrderPost
from orders.clients.cart import CartNotFound, Proof
from orders.deps import CartTokenHeader, ShopDep
from orders.lifecycle.queries import saga as saga_queries
from orders.lifecycle.queries.reading import Viewer
from orders.lifecycle.schemas import OrderOut
from orders.lifecycle.service import read
from orders.lifecycle.states import Status, Step
from orders.lifecycle.view import order_out
from orders.pricing import errors as pricing_errors

router = Router(tags=["Checkout"])
internal = Router(prefix="/internal", tags=["between services"])

EVERYTHING = Viewer(staff=True)


def _proof(who: AnyCaller, cart_token: CartTokenHeader = None) -> Proof:
    """Who orders: a customer, or a guest with the secret of their cart. Raises Unauthenticated, Forbidden."""
    if who.is_service:
        raise Forbidden("This is for people.")
    if who.customer_id is not None:
        return Proof(customer_id=who.customer_id)
    if not cart_token:
        raise Unauthenticated("Sign in, or send your cart's secret as `X-Cart-Token`.")
    return Proof(cart_token=cart_token)


ProofDep = Annotated[Proof, Depends(_proof)]


@router.post(
    "/orders",
    status_code=201,
    summary="Order a cart",
    responses={
        202: {"model": OrderOut, "description": "Ordered; the payment page is not there yet: look again"},
        **responses(
            CartNotFound,
            errors.CartEmpty,
            errors.PriceChanged,
            errors.OutOfStock,
            errors.PaymentRefused,
            errors.OrderInProgress,
            errors.TooManyOpenOrders,
            errors.ForeignReturnUrl,
            pricing_errors.NotSellable,
            pricing_errors.CouponInvalid,
            pricing_errors.UnknownShippingMethod,
            pricing_errors.NotDelivered,
            KeyReused,
            KeyInFlight,
            Unauthenticated,
            Forbidden,
        ),
    },
)
async def post_order(
    wanted: OrderPost,
    request: Request,
    response: Response,
    shop: ShopDep,
    proof: ProofDep,
    locale: Language,
    key: KeyHeader = None,
) -> OrderOut:
    """The stock is held and the payment page opened: send the shopper to `payment.redirect_url`.

    The same cart is ordered once: a second request gets the order as it is now. A guest's answer has `order_token`,
    the secret for looking at the order (`X-Order-Token`); a repetition has it again, nobody keeps it.
    """
    keyed = await idempotency.keyed(request, key, _principal(proof))
    placed = await place_order(shop, wanted, proof=proof, locale=locale, key=keyed)
    row = await read(shop, placed.order_id, EVERYTHING)
    if row["status"] == Status.FAILED:
        raise errors.failed(row["failure"] or {"code": ""}, order_id=row["id"], number=row["number"])
    if row["status"] == Status.PENDING and row["step"] in (Step.PLACED, Step.HELD):
        response.status_code = 202
    response.headers["Cache-Control"] = "no-store"
    response.headers["Location"] = f"/orders/{row['id']}"
    if not placed.anew:
        response.headers["Idempotent-Replayed"] = "true"
    return order_out(row, staff=False, token=None if row["customer_id"] else shop.tokens.token(row["id"]))


def _principal(proof: Proof) -> str:
    if proof.customer_id is not None:
        return f"customer:{proof.customer_id}"
    return f"cart:{hashlib.sha256((proof.cart_token or '').encode()).hexdigest()}"


@internal.put(
    "/events/{event_id}",
    status_code=204,
    summary="Tell what happened to a payment",
    responses=responses(Unauthenticated, Forbidden),
    dependencies=[Depends(OneOf("payments"))],
)
async def put_event(
    event_id: Annotated[Uuid, Path(description="Chosen by the teller; a repetition changes nothing.")],
    event: EventPut,
    shop: ShopDep,
) -> Response:
    """The order asks payments for the facts, now or as soon as whoever is at it has a hand free."""
    lease = shop.saga.new_lease(event.order_id)
    ours = await saga_queries.hear(
        shop.db,
        event_id=event_id,
        kind=event.type,
        payment_id=event.payment_id,
        lease=lease,
        lease_seconds=shop.settings.lease_seconds,
    )
    if ours:
        shop.saga.start(lease)
    return Response(status_code=204)
