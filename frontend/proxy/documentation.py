"""`/docs`: the documentation of all four services on one page, whose *Try it out* stays on this origin."""

import json
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import RedirectResponse, Response

from chassis import apidocs
from chassis.errors import NotFound, Unavailable
from frontend.deps import Shop
from frontend.settings import Settings

BASES = {"products": "/", "cart": "/api/cart", "orders": "/api/orders", "payments": "/api/payments"}
"""Service → where its paths begin on this origin."""
DEADLINE = 5.0


def install(app: FastAPI, settings: Settings) -> None:
    """`/docs`, `/openapi.json` (products') and `/api/<service>/openapi.json` are served, if documentation is."""
    if not settings.docs_enabled:
        return
    names = {"products": "Products", "cart": "Cart", "orders": "Orders", "payments": "Payments"}
    apidocs.install(
        app,
        specifications=[(name, f"/api/{service}/openapi.json") for service, name in names.items()],
        token_origin=settings.public_origin,
    )

    @app.get("/openapi.json", include_in_schema=False)
    async def products_specification(request: Request) -> Response:
        return await _specification(request, "products")

    @app.get("/api/{service}/openapi.json", include_in_schema=False)
    async def specification(request: Request, service: str) -> Response:
        if service not in BASES:
            raise NotFound
        return await _specification(request, service)

    @app.get("/api/{service}/docs", include_in_schema=False)
    async def moved(service: str) -> Response:
        if service not in BASES:
            raise NotFound
        return RedirectResponse("/docs", 307)


async def _specification(request: Request, service: str) -> Response:
    """A service's OpenAPI document, with its paths on this origin and its tokens from here."""
    shop: Shop = request.app.state.shop
    answer = await shop.service(service).relay(
        "GET", "/openapi.json", headers={"accept": "application/json"}, content=b"", deadline=DEADLINE
    )
    if answer.status_code != 200:
        raise Unavailable(f"The {service} service shows no documentation.")
    document: dict[str, Any] = json.loads(answer.content)
    document["servers"] = [{"url": BASES[service]}]
    for scheme in document.get("components", {}).get("securitySchemes", {}).values():
        if scheme.get("type") == "oauth2":
            scheme["flows"]["password"]["tokenUrl"] = f"/auth/token?audience={service}"
    return Response(
        json.dumps(document), headers={"Cache-Control": "no-cache"}, media_type="application/json"
    )
