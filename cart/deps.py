"""What routes ask for: the database, products, and who is shopping.

All of it is `async`, though little of it waits: FastAPI sends every plain function through a thread.
"""

from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import APIKeyHeader
from pydantic.json_schema import SkipJsonSchema

from cart.clients.products import Products
from cart.shoppers import NOBODY, Shopper
from chassis.auth import AnyCaller
from chassis.database import Database
from chassis.errors import PreconditionFailed
from chassis.etags import IfMatch, edited_version
from chassis.schemas import Uuid

TOKEN_HEADER = "X-Cart-Token"  # noqa: S105  # the header's name
TOKEN_COOKIE = "cart_token"  # noqa: S105  # the cookie's name
NO_VERSION = -1

guest_scheme = APIKeyHeader(
    name=TOKEN_HEADER,
    scheme_name="cart_token",
    description="A guest's secret, as `POST /cart` answered it. Browsers may use the cookie instead.",
    auto_error=False,
)


async def _database(request: Request) -> Database:
    db: Database = request.app.state.database
    return db


async def _products(request: Request) -> Products:
    products: Products = request.app.state.products
    return products


async def _shopper(
    request: Request, caller: AnyCaller, secret: Annotated[str | None, Depends(guest_scheme)]
) -> Shopper:
    """A person with a token is a customer; else whoever shows a guest's secret; else nobody yet."""
    if caller.customer_id is not None:
        return Shopper(customer_id=caller.customer_id)
    secret = secret or request.cookies.get(TOKEN_COOKIE)
    return Shopper.guest(secret) if secret else NOBODY


async def _proof(
    cart_token: Annotated[
        str | None, Header(alias=TOKEN_HEADER, max_length=200, description="The guest's secret.")
    ] = None,
    customer_id: Annotated[
        Uuid | SkipJsonSchema[None],
        Header(alias="X-Customer-Id", description="The customer, for whom the caller vouches."),
    ] = None,
) -> Shopper:
    """Whose cart another service asks for: the customer it vouches for, or the guest whose secret it hands on."""
    if customer_id is not None:
        return Shopper(customer_id=customer_id)
    return Shopper.guest(cart_token) if cart_token else NOBODY


async def _expected_version(if_match: IfMatch = None) -> int | None:
    """The version that `If-Match` names; None without it, or for `*`. A strange tag names one that no cart has.

    (It refuses nothing by itself, so that a wrong body is told as such first.)
    """
    try:
        return edited_version(if_match) if if_match is not None else None
    except PreconditionFailed:
        return NO_VERSION


Db = Annotated[Database, Depends(_database)]
ProductsClient = Annotated[Products, Depends(_products)]
WhoShops = Annotated[Shopper, Depends(_shopper)]
Proof = Annotated[Shopper, Depends(_proof)]
ExpectedVersion = Annotated[int | None, Depends(_expected_version)]
