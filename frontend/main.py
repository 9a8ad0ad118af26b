"""Builds the gateway."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response

from chassis.app import build_app
from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import NotFound
from chassis.problems import BY_STATUS, as_response
from chassis.readiness import database_checks
from frontend import backoffice, proxy
from frontend.accounts import routes as account_routes
from frontend.accounts import token_routes
from frontend.assets import Assets
from frontend.deps import Shop, open_shop
from frontend.errors import error_page, visit_without_session, wants_page
from frontend.pages import cart, catalog, checkout, home, language_switch, orders, payments
from frontend.security import CrossSiteGuard, SecurityHeaders
from frontend.settings import Settings
from frontend.templating import Templates

SWEEP_SECONDS = 600


def create_app(
    settings: Settings | None = None, transports: dict[str, httpx2.AsyncBaseTransport] | None = None
) -> FastAPI:
    """The gateway's application. `transports`: for tests, service → how to reach it."""
    settings = settings or Settings.load()
    assets = Assets()
    templates = Templates(settings, assets)

    @asynccontextmanager
    async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
        shop = await open_shop(settings, assets, templates, transports)
        app.state.shop = shop
        try:
            async with Clock("sessions sweep", shop.sessions.forget_old, every=SWEEP_SECONDS):
                yield
        finally:
            await shop.aclose()

    app = build_app(
        service="frontend",
        title=settings.shop_name,
        summary="The shop's pages, accounts and public door.",
        description="Pages for people; for programs see the four services' documentation.",
        settings=settings.model_copy(update={"docs_enabled": False}),
        lifespan=_lifespan,
        routers=[
            token_routes.router,
            home.router,
            catalog.router,
            cart.router,
            checkout.router,
            orders.router,
            payments.router,
            language_switch.router,
            account_routes.router,
            *backoffice.routers,
        ],
        checks=database_checks("frontend", _database_of),
    )
    proxy.install(app, settings)

    @app.get("/static/{path:path}", include_in_schema=False)
    async def static(request: Request, path: str) -> Response:
        return assets.answer(request, path)

    @app.get("/favicon.ico", include_in_schema=False)
    async def favicon(request: Request) -> Response:
        return assets.answer(request, "images/icon.svg")

    @app.get("/robots.txt", include_in_schema=False)
    async def robots() -> Response:
        lines = (
            "User-agent: *",
            "Disallow: /cart",
            "Disallow: /checkout",
            "Disallow: /admin",
            "Disallow: /account",
        )
        return Response("\n".join(lines) + "\n", media_type="text/plain")

    app.add_exception_handler(HTTPException, _framework_error)
    app.add_exception_handler(NotFound, _not_found)
    app.add_middleware(CrossSiteGuard, settings=settings)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=4)
    app.add_middleware(SecurityHeaders, settings=settings)
    return app


def _database_of(app: FastAPI) -> Database:
    shop: Shop = app.state.shop
    return shop.db


async def _framework_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for it only
    if wants_page(request):
        return error_page(visit_without_session(request), error.status_code)
    kind = BY_STATUS.get(error.status_code, NotFound)
    return as_response(kind(headers=error.headers), instance=request.url.path)


async def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotFound)  # noqa: S101  # registered for it only
    if wants_page(request):
        return error_page(visit_without_session(request), 404)
    return as_response(error, instance=request.url.path)
