"""Every error of an application as problem+json: ours, the framework's, the database's, and bugs.

What was sent is never repeated: pydantic's errors lose their `input` and `ctx`, and keys that the caller
made up are named by their place only.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import errors
from chassis.errors import FieldError, Invalid, Problem, Unavailable
from chassis.telemetry import log, request_id

MEDIA_TYPE = "application/problem+json"

BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind
    for kind in (
        errors.Malformed,
        errors.Forbidden,
        errors.NotFound,
        errors.MethodNotAllowed,
        errors.Conflict,
        errors.TooLarge,
        errors.UnsupportedMedia,
        Invalid,
    )
}

DATABASE_DOWN = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.QueryCanceledError,
    asyncpg.InterfaceError,
    ConnectionError,
    TimeoutError,
)


def as_response(problem: Problem, *, instance: str) -> Response:
    """The problem+json answer for a Problem met at the path `instance`."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
        "code": problem.code,
        "request_id": request_id.get(),
    }
    if isinstance(problem, Invalid) and problem.errors:
        body["errors"] = [
            {"pointer": error.pointer, "code": error.code, "message": error.message}
            for error in problem.errors
        ]
    body.update(problem.extra)
    headers = {"Cache-Control": "no-store", **problem.headers}
    content = orjson.dumps(body, default=str)
    return Response(content, problem.status, headers=headers, media_type=MEDIA_TYPE)


def field_errors(found: Sequence[Any]) -> list[FieldError]:
    """Pydantic's errors as ours, in their order; bodies as JSON pointers, query and header keys as `?name`."""
    return [_field_error(error) for error in found]


def _field_error(error: Mapping[str, Any]) -> FieldError:
    place, *path = error["loc"] or ("body",)
    if error["type"] == "extra_forbidden":
        path = [*path[:-1], "(unknown field)"]
    written = [str(part).replace("~", "~0").replace("/", "~1") for part in path]
    pointer = "".join(f"/{part}" for part in written) if place == "body" else "?" + ".".join(written)
    safe = pointer.encode("utf-8", "replace").decode()[:200]
    return FieldError(safe, str(error["type"]), str(error["msg"]).encode("utf-8", "replace").decode()[:300])


def _allowed(request: Request) -> str:
    """All methods that some route offers at this path (the framework names the first route's only)."""
    routes = request.app.router.routes
    offered = (
        method
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    )
    return ", ".join(offered)


def install(app: FastAPI) -> None:
    """From now on every error leaves `app` as problem+json."""

    async def _problem(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, Problem)  # noqa: S101  # registered for Problem only
        return as_response(problem, instance=request.url.path)

    async def _invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for it only
        return as_response(Invalid(errors=field_errors(error.errors())), instance=request.url.path)

    async def _framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  # registered for it only
        if isinstance(error.__cause__, Problem):
            return as_response(error.__cause__, instance=request.url.path)
        kind = BY_STATUS.get(error.status_code, Problem)
        headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers
        return as_response(kind(headers=headers), instance=request.url.path)

    async def _database(request: Request, error: Exception) -> Response:
        log.warning("database.unavailable", reason=repr(error))
        return as_response(Unavailable("The database is not answering."), instance=request.url.path)

    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)
    for kind in DATABASE_DOWN:
        app.add_exception_handler(kind, _database)


class BugMiddleware:
    """An exception nobody expected becomes a 500 with the request's id, and one error line with its trace."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def _noted(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, _noted)
        except Exception:  # the process boundary: everything below has had its say
            log.exception("bug", path=scope["path"])
            if started:
                raise
            await as_response(Problem(), instance=scope["path"])(scope, receive, send)
