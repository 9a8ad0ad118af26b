"""`/.well-known/jwks.json` and `/auth/token`: how services check people's tokens, and how `/docs` gets one."""

import json
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import JSONResponse, Response

from chassis.auth import public_jwk
from chassis.errors import Problem
from frontend.accounts.tokens import API_SECONDS
from frontend.deps import Shop

router = APIRouter(include_in_schema=False)

Audience = Literal["products", "cart", "orders", "payments"]


@router.get("/.well-known/jwks.json")
async def keys(request: Request) -> Response:
    """The public keys of people's tokens (RFC 7517)."""
    shop: Shop = request.app.state.shop
    public = public_jwk(shop.settings.service_key.get_secret_value())
    return JSONResponse(
        {"keys": [{**public, "use": "sig", "alg": "Ed25519"}]},
        headers={"Cache-Control": "public, max-age=300"},
    )


@router.options("/auth/token")
async def preflight(request: Request) -> Response:
    """Whether another origin's `/docs` may ask."""
    headers = {
        **_cors(request),
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "authorization, content-type, x-requested-with",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=204, headers=headers)


@router.post("/auth/token")
async def token(
    request: Request,
    audience: Annotated[Audience, Query()],
    username: Annotated[str, Form(max_length=254)],
    password: Annotated[str, Form(max_length=200)],
) -> Response:
    """A token of the person for one service (OAuth 2.0 password form, RFC 6749 §4.3), good for 15 minutes."""
    shop: Shop = request.app.state.shop
    address = request.client.host if request.client else ""
    try:
        person = await shop.accounts.sign_in(email=username, password=password, address=address)
    except Problem as problem:
        error = "invalid_grant" if problem.status == 401 else "temporarily_unavailable"
        status = 400 if problem.status == 401 else problem.status
        headers = {**_cors(request), **problem.headers, "Cache-Control": "no-store"}
        headers.pop("WWW-Authenticate", None)
        return JSONResponse({"error": error, "error_description": problem.detail}, status, headers=headers)
    body = {
        "access_token": shop.tokens.for_api(audience, person),
        "token_type": "bearer",
        "expires_in": API_SECONDS,
    }
    return Response(
        json.dumps(body),
        headers={**_cors(request), "Cache-Control": "no-store", "Pragma": "no-cache"},
        media_type="application/json",
    )


def _cors(request: Request) -> dict[str, str]:
    """CORS for the configured origins of documentation pages; nothing for any other."""
    shop: Shop = request.app.state.shop
    origin = request.headers.get("origin", "")
    if origin not in shop.settings.docs_origin_list:
        return {"Vary": "Origin"}
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
