"""The sandbox as an application: Stripe's API under `/v1`, pages for shoppers, levers under `/sandbox`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from chassis.app import Lifespan, build_app
from sandbox.api.errors import Missing
from sandbox.background import keep_running
from sandbox.control.routes import router as control
from sandbox.events.deliveries import Deliverer
from sandbox.events.routes import ROUTES as EVENTS
from sandbox.events.webhook import Webhook
from sandbox.intents.routes import ROUTES as INTENTS
from sandbox.page.render import STATIC
from sandbox.page.routes import ROUTES as PAGES
from sandbox.provider import Provider
from sandbox.refunds.routes import ROUTES as REFUNDS
from sandbox.routing import PlainRoute
from sandbox.sessions.routes import ROUTES as SESSIONS
from sandbox.settings import Settings
from sandbox.sweeper import sweep_for_ever

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
DESCRIPTION = """A payment provider for development and tests. Under `/v1` it speaks a subset of Stripe's API
(see Stripe's own reference); here are only the levers that Stripe has not."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The sandbox with these settings, else with those of the environment. Raises UnsafeSettings in production."""
    settings = settings or Settings.load()
    app = build_app(
        service="sandbox",
        title="Sandbox payment provider",
        summary="Pretends to be Stripe, with test cards and a movable clock.",
        description=DESCRIPTION,
        settings=settings,
        lifespan=_lifespan(settings),
        routers=[control],
        checks={"store": _store_answers},
    )
    app.router.routes[:0] = [*SESSIONS, *INTENTS, *PAGES, *REFUNDS, *EVENTS]  # first in line: they are hot
    app.router.routes.append(PlainRoute("/v1/{rest:path}", _unknown_address, methods=METHODS))
    app.router.routes.append(PlainRoute("/", _front_door))
    app.router.routes.append(Mount("/assets", StaticFiles(directory=STATIC), name="assets"))
    return app


def _lifespan(settings: Settings) -> Lifespan:
    @asynccontextmanager
    async def _open(app: FastAPI) -> AsyncIterator[None]:
        provider = app.state.provider = Provider(settings)
        tasks = [asyncio.create_task(keep_running(partial(sweep_for_ever, provider)))]
        app.state.deliverer = deliverer = _deliverer(provider)
        if deliverer is not None:
            provider.on_news = deliverer.wake
            tasks.append(asyncio.create_task(keep_running(deliverer.run)))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            provider.close()

    return _open


def _deliverer(provider: Provider) -> Deliverer | None:
    settings = provider.settings
    if not settings.webhook_url:
        return None
    webhook = Webhook(settings.webhook_url, secret=settings.webhook_secret.get_secret_value())
    return Deliverer(provider.store, provider.clock, webhook)


async def _store_answers(app: FastAPI) -> str:
    provider: Provider = app.state.provider
    provider.store.durable.execute("SELECT 1").fetchone()
    return "ok"


async def _front_door(request: Request) -> Response:
    return RedirectResponse("/docs")


async def _unknown_address(request: Request) -> Response:
    refusal = Missing(f"Unrecognized request URL ({request.method}: {request.url.path}).")
    return JSONResponse(refusal.body(), refusal.status)
