"""`/cart`: one cart per shopper, customer or guest."""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from cart import queries, service
from cart.deps import TOKEN_COOKIE, TOKEN_HEADER, Db, ExpectedVersion, ProductsClient, WhoShops
from cart.errors import CartFull, NotForSale, UnknownVariant
from cart.schemas import ITEM, AddIn, CartIn, CartOut, QuantityIn
from chassis import idempotency
from chassis.errors import NotFound, PreconditionFailed
from chassis.etags import etag
from chassis.idempotency import KeyHeader, KeyInFlight, KeyReused, Recorded
from chassis.languages import Language
from chassis.openapi import responses
from chassis.routing import Router
from chassis.schemas import Uuid

COOKIE_SECONDS = 400 * 24 * 3600
"""As long as browsers keep a cookie; whether the cart is still there, the service decides."""

NO_IDENTITY_NEEDED: dict[str, Any] = {"security": [{}]}
"""Adds "or nobody" to the ways of saying who one is."""

router = Router(prefix="/cart", tags=["cart"])

ItemId = Annotated[
    Uuid, Path(alias="cart_item_id", description="`id` of a line of the cart.", examples=[ITEM])
]


@router.get("", summary="Show my cart", response_model=CartOut, openapi_extra=NO_IDENTITY_NEEDED)
async def show_cart(db: Db, products: ProductsClient, shopper: WhoShops, language: Language) -> Response:
    """The cart with the names, prices and availability of this moment.

    Whoever has no cart (nobody signed in and no secret, or one that opens nothing any more) sees an empty one:
    `id` null, `version` 0. When products does not answer, the lines are here all the same, with `unit_price`,
    `available` and `subtotal` null. `ETag` is the version, for `If-Match`.
    """
    cart = await queries.find_cart(db, shopper) if shopper.principal else None
    return _answer(await service.show(cart, products, language=language))


@router.post(
    "",
    summary="Add to my cart",
    status_code=201,
    response_model=CartOut,
    responses=responses(
        NotFound, NotForSale, CartFull, KeyInFlight, PreconditionFailed, UnknownVariant, KeyReused
    ),
    openapi_extra=NO_IDENTITY_NEEDED,
)
async def add_to_cart(
    request: Request,
    addition: AddIn,
    db: Db,
    products: ProductsClient,
    shopper: WhoShops,
    expected_version: ExpectedVersion,
    language: Language,
    idempotency_key: KeyHeader = None,
) -> Response:
    """So many pieces **more** of a variant; a line has at most 999, what is beyond is cut off.

    Without identity this makes a guest's cart. Its secret is told once, in the header `X-Cart-Token` and in an
    `HttpOnly` cookie `cart_token` (so that this page just works in a browser). A secret that opens nothing any
    more (untouched for 90 days, merged at sign-in) is treated like none: a new cart with a new secret.

    More than `available` is accepted and shown as such. Nothing is reserved.
    """
    keyed = await idempotency.keyed(request, idempotency_key, shopper.principal)
    added = await service.add(
        db,
        products,
        shopper=shopper,
        addition=addition,
        expected_version=expected_version,
        keyed=keyed,
        language=language,
    )
    if isinstance(added, Recorded):
        return added.response()
    answer = _answer(added.cart, status=201)
    if added.secret is not None:
        _tell_secret(answer, added.secret, secure=request.app.state.secure_cookies)
    return answer


@router.put(
    "",
    summary="Leave a note on my cart",
    response_model=CartOut,
    responses=responses(NotFound, PreconditionFailed),
    openapi_extra=NO_IDENTITY_NEEDED,
)
async def note_on_cart(
    said: CartIn,
    db: Db,
    products: ProductsClient,
    shopper: WhoShops,
    expected_version: ExpectedVersion,
    language: Language,
) -> Response:
    """A word for the shop, at most 500 characters; empty takes it back. Orders take it along."""
    cart = await service.set_note(db, shopper=shopper, note=said.note, expected_version=expected_version)
    return _answer(await service.show(cart, products, language=language))


@router.delete(
    "",
    summary="Empty my cart",
    response_model=CartOut,
    responses=responses(PreconditionFailed),
    openapi_extra=NO_IDENTITY_NEEDED,
)
async def empty_cart(
    db: Db, products: ProductsClient, shopper: WhoShops, expected_version: ExpectedVersion, language: Language
) -> Response:
    """No lines and no note. The cart stays mine, under the same id and secret. Repeating is safe."""
    cart = await service.empty(db, shopper=shopper, expected_version=expected_version)
    return _answer(await service.show(cart, products, language=language))


@router.put(
    "/{cart_item_id}",
    summary="Change the quantity of a line",
    response_model=CartOut,
    responses=responses(NotFound, PreconditionFailed),
    openapi_extra=NO_IDENTITY_NEEDED,
)
async def change_quantity(
    line_id: ItemId,
    wanted: QuantityIn,
    db: Db,
    products: ProductsClient,
    shopper: WhoShops,
    expected_version: ExpectedVersion,
    language: Language,
) -> Response:
    """The line has exactly this many pieces. Nought is not a quantity: `DELETE` the line."""
    cart = await service.set_quantity(
        db, shopper=shopper, line_id=line_id, quantity=wanted.quantity, expected_version=expected_version
    )
    return _answer(await service.show(cart, products, language=language))


@router.delete(
    "/{cart_item_id}",
    summary="Remove a line",
    response_model=CartOut,
    responses=responses(NotFound, PreconditionFailed),
    openapi_extra=NO_IDENTITY_NEEDED,
)
async def remove_line(
    line_id: ItemId,
    db: Db,
    products: ProductsClient,
    shopper: WhoShops,
    expected_version: ExpectedVersion,
    language: Language,
) -> Response:
    """The line is gone; the answer is the cart without it. A second time: 404."""
    cart = await service.remove(db, shopper=shopper, line_id=line_id, expected_version=expected_version)
    return _answer(await service.show(cart, products, language=language))


def _answer(cart: CartOut, *, status: int = 200) -> Response:
    headers = {"ETag": etag(cart.version), "Cache-Control": "no-store"}
    return Response(cart.as_json(), status, headers=headers, media_type="application/json")


def _tell_secret(answer: Response, secret: str, *, secure: bool) -> None:
    answer.headers[TOKEN_HEADER] = secret
    answer.set_cookie(
        TOKEN_COOKIE,
        secret,
        max_age=COOKIE_SECONDS,
        path="/cart",
        httponly=True,
        samesite="strict",
        secure=secure,
    )
