"""Requests of programs handed on to the services, stripped of cookies both ways.

Only the paths named here are public; `/internal`, `/metrics`, health and webhooks are not among them.
"""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from chassis.errors import NotFound
from frontend.deps import Shop

PUBLIC: Final = {
    "products": frozenset({"products", "categories", "collections", "stock", "reviews", "imports"}),
    "cart": frozenset({"cart"}),
    "orders": frozenset({"orders", "quotes", "shipping-methods", "coupons", "mails", "returns"}),
    "payments": frozenset({"payments", "refunds"}),
}
"""Service → the first parts of the paths that it shows to the world."""

PASSED_ON: Final = frozenset(
    [
        "accept",
        "accept-language",
        "authorization",
        "content-type",
        "content-encoding",
        "idempotency-key",
        "if-match",
        "if-none-match",
        "x-cart-token",
        "x-order-token",
    ]
)
PASSED_BACK: Final = frozenset(
    [
        "allow",
        "cache-control",
        "content-language",
        "content-type",
        "etag",
        "idempotent-replayed",
        "last-modified",
        "link",
        "location",
        "retry-after",
        "vary",
        "www-authenticate",
        "x-cart-token",
    ]
)
METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE"]
DEADLINE: Final = 10.0

router = APIRouter(include_in_schema=False)


@router.api_route("/api/{service}/{path:path}", methods=METHODS)
async def api(request: Request, service: str, path: str) -> Response:
    """A service's public API: `/api/cart/cart` is the cart's `/cart`. Raises NotFound for what is not public."""
    if service not in PUBLIC or path.split("/")[0] not in PUBLIC[service]:
        raise NotFound
    return await forward(request, service, raw_path(request).removeprefix(f"/api/{service}"))


@router.api_route("/products", methods=METHODS)
@router.api_route("/products/{path:path}", methods=METHODS)
@router.api_route("/categories", methods=METHODS)
@router.api_route("/collections", methods=METHODS)
@router.api_route("/collections/{path:path}", methods=METHODS)
@router.api_route("/stock/{path:path}", methods=METHODS)
async def products(request: Request) -> Response:
    """The products API under the addresses it has at home."""
    return await forward(request, "products", raw_path(request))


@router.get("/media/{path:path}")
async def media(request: Request) -> Response:
    """Pictures of products, with the caching the service asks for."""
    return await forward(request, "products", raw_path(request))


def raw_path(request: Request) -> str:
    """The path as it was sent, escapes and all, so that nothing is decoded twice on its way."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.decode("ascii", "replace").split("?")[0]


async def forward(request: Request, service: str, path: str) -> Response:
    """The service's own answer. Raises NotFound for paths that try to climb, RemoteUnavailable."""
    if not _is_plain(path):
        raise NotFound
    shop: Shop = request.app.state.shop
    headers = {name: value for name, value in request.headers.items() if name in PASSED_ON}
    query = request.url.query
    answer = await shop.service(service).relay(
        request.method,
        path + (f"?{query}" if query else ""),
        headers=headers,
        content=await request.body(),
        deadline=DEADLINE,
    )
    response = Response(answer.content, answer.status_code)
    for name, value in answer.headers.items():
        if name.lower() in PASSED_BACK:
            response.headers[name] = value
    if path.startswith("/products"):
        response.headers["Vary"] = "Accept, Accept-Language, HX-Request, Authorization"
    return response


def _is_plain(path: str) -> bool:
    """Whether the path means what it looks like: no dots that climb, no escaped slashes, no doubled ones."""
    lowered = path.lower()
    parts = lowered.split("/")
    return not (
        any(part in (".", "..") for part in parts)
        or "" in parts[1:-1]
        or any(escape in lowered for escape in ("%2f", "%5c", "%2e", "\\", "%00"))
    )
