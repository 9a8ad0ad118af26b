"""What the fake services share: money, problems, who asks, and a switch that puts a service out of order."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

Json = dict[str, Any]
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC).isoformat().replace("+00:00", "Z")


def eur(amount: int) -> Json:
    """Cents."""
    return {"amount": amount, "currency": "EUR"}


def problem(status: int, code: str, **extra: Any) -> Response:
    """problem+json with the members the shop reads."""
    body = {"type": "about:blank", "title": code, "status": status, "detail": code, "code": code, **extra}
    return JSONResponse(body, status, media_type="application/problem+json")


class Fake:
    """A service that can die. `seen`: (method, path, headers) of every request, in order."""

    def __init__(self) -> None:
        self.down = False
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.app = Starlette(routes=self.routes())

    def routes(self) -> list[Route]:
        raise NotImplementedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            self.seen.append((request.method, request.url.path, dict(request.headers)))
            if self.down:
                await problem(503, "unavailable")(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def transport(self) -> httpx2.ASGITransport:
        return httpx2.ASGITransport(self)

    def paths(self, method: str) -> list[str]:
        """The paths asked for with `method`, in order."""
        return [path for seen_method, path, _ in self.seen if seen_method == method]


def is_staff(request: Request) -> bool:
    """Whether the token says so; nobody checks signatures here."""
    return "staff" in _claims(request).get("roles", [])


def subject(request: Request) -> str:
    """Who the token speaks for; empty without one."""
    return str(_claims(request).get("sub", ""))


def _claims(request: Request) -> Json:
    parts = request.headers.get("authorization", "").removeprefix("Bearer ").split(".")
    if len(parts) != 3:
        return {}
    claims: Json = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    return claims
