"""Builds a service's application: strict routes, problem+json, request ids, health, metrics, `/docs`."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis import apidocs, openapi, problems
from chassis.auth import PeopleKeys, TokenVerifier
from chassis.http import AiohttpTransport
from chassis.limits import BodyLimitMiddleware
from chassis.people import PEOPLE_ISSUER, fetch_people_keys
from chassis.readiness import Check
from chassis.settings import ServiceSettings
from chassis.telemetry import TelemetryMiddleware, configure_logging, log

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build_app(
    *,
    service: str,
    title: str,
    summary: str,
    description: str,
    settings: ServiceSettings,
    lifespan: Lifespan,
    routers: Sequence[APIRouter],
    checks: Mapping[str, Check],
    larger_bodies: Mapping[str, int] | None = None,
) -> FastAPI:
    """An application that serves `routers`, plus `/healthz`, `/readyz`, `/metrics`, `/openapi.json` and `/docs`.

    `service` is its name on the wire: the audience of its tokens, the issuer of its own, the `service` of
    its log lines. Raises UnsafeSettings for settings that production must not have.
    """
    settings.refuse_unsafe_production()
    configure_logging(service=service, level=settings.log_level)
    people = AiohttpTransport(connections=2)

    @asynccontextmanager
    async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(app):
            yield
        await people.aclose()

    app = FastAPI(
        title=title,
        summary=summary,
        description=description,
        version="0.1.0",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.docs_enabled else None,
    )
    app.state.verifier = TokenVerifier(
        service,
        services=settings.trusted_keys,
        people=PeopleKeys(fetch_people_keys(settings.people_jwks_url, people)),
        people_issuer=PEOPLE_ISSUER,
    )
    problems.install(app)
    app.add_middleware(BodyLimitMiddleware, larger=dict(larger_bodies or {}))
    app.add_middleware(problems.BugMiddleware)
    app.add_middleware(TelemetryMiddleware, service=service)
    _add_health(app, checks)
    for router in routers:
        app.include_router(router)
    openapi.install(app, token_url=f"{settings.public_origin}/auth/token?audience={service}")
    if settings.docs_enabled:
        apidocs.install(app, specifications=[(title, "/openapi.json")], token_origin=settings.public_origin)
    return app


def _add_health(app: FastAPI, checks: Mapping[str, Check]) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def alive() -> Response:
        return Response(b'{"status":"ok"}', media_type="application/json")

    @app.get("/readyz", include_in_schema=False)
    async def ready() -> Response:
        found, failed = {}, False
        for name, check in checks.items():
            try:
                found[name] = await check(app)
            except Exception as error:  # noqa: BLE001  # whatever it is, we are not ready and say so
                log.warning("not_ready", check=name, reason=repr(error))
                found[name], failed = type(error).__name__, True
        body: dict[str, Any] = {"status": "not ready" if failed else "ok", "checks": found}
        return Response(orjson.dumps(body), 503 if failed else 200, media_type="application/json")

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
