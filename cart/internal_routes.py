"""`/internal`: what orders and the gateway do with carts. Needs a service's token; never public."""

from typing import Annotated

from fastapi import Depends, Path, Response

from cart import handing_over
from cart.deps import Db, Proof
from cart.errors import IdReused
from cart.schemas import CART_ID, ContentsOut, MergeIn, MergeOut, OrderedIn
from chassis.auth import OneOf
from chassis.errors import Forbidden, NotFound
from chassis.openapi import responses
from chassis.routing import Router
from chassis.schemas import Uuid

CALLERS_ID = "0199c0ff-ee00-7000-8000-000000000006"

router = Router(prefix="/internal", tags=["between services"])

CartId = Annotated[Uuid, Path(description="`id` of a cart.", examples=[CART_ID])]
OrderId = Annotated[Uuid, Path(description="The order.", examples=[CALLERS_ID])]
MergeId = Annotated[
    Uuid, Path(description="Chosen by the caller, kept for repeating.", examples=[CALLERS_ID])
]


@router.get(
    "/carts/{cart_id}",
    summary="Read a cart for its shopper",
    response_model=ContentsOut,
    responses=responses(Forbidden, NotFound),
    dependencies=[Depends(OneOf("orders", "frontend"))],
)
async def read_cart(cart_id: CartId, db: Db, proof: Proof) -> Response:
    """The facts of a cart. The proof is its guest's secret, or the customer for whom the caller vouches; without
    it, or with another's, there is nothing here.
    """
    cart = await handing_over.contents(db, cart_id=cart_id, shopper=proof)
    return _json(ContentsOut.of(cart))


@router.put(
    "/ordered/{order_id}",
    summary="Take out what was ordered",
    status_code=204,
    responses=responses(Forbidden, IdReused),
    dependencies=[Depends(OneOf("orders"))],
)
async def take_out_ordered(order_id: OrderId, ordered: OrderedIn, db: Db) -> Response:
    """The ordered pieces are not in the cart any more; what was added meanwhile is. Once per order."""
    await handing_over.take_out_ordered(db, order_id=order_id, ordered=ordered)
    return Response(status_code=204)


@router.put(
    "/merges/{merge_id}",
    summary="Merge a guest's cart into a customer's",
    response_model=MergeOut,
    responses=responses(Forbidden, IdReused),
    dependencies=[Depends(OneOf("frontend"))],
)
async def merge(merge_id: MergeId, wanted: MergeIn, db: Db) -> Response:
    """At sign-in: the guest's lines go into the customer's cart, equal variants are summed up to 999, the guest's
    secret opens nothing any more. All or nothing, and once: a repetition answers the recorded receipt, another
    merge of the same guest's cart moves nothing.
    """
    return _json(await handing_over.merge(db, merge_id=merge_id, wanted=wanted))


def _json(body: ContentsOut | MergeOut) -> Response:
    return Response(body.model_dump_json(), media_type="application/json")
