"""The sandbox on a real server, and a webhook receiver that can be told to fail."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import stripe
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.main import create_app
from sandbox.settings import Settings

API_KEY = "sk_test_sandbox"
SECRET = "whsec_of_this_test"


class RunningServer:
    """An ASGI application behind uvicorn in a thread, on a port of its own that it keeps over restarts."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, app: ASGIApp) -> None:
        """The application answers."""
        config = uvicorn.Config(
            app, host="127.0.0.1", port=self.port, ws="none", lifespan="on", log_config=None, access_log=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        wait_until(lambda: self._server is not None and self._server.started)

    def stop(self) -> None:
        """Nothing listens on the port."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(10)
            assert not self._thread.is_alive()


@dataclass
class Receiver:
    """What came to the webhook: (body, signature header) in order. `answers` are used up first, then 200."""

    received: list[tuple[bytes, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def app(self) -> Starlette:
        async def take(request: Request) -> Response:
            self.received.append((await request.body(), request.headers["stripe-signature"]))
            return Response(status_code=self.answers.pop(0) if self.answers else 200)

        return Starlette(routes=[Route("/webhooks/stripe", take, methods=["POST"])])

    def events(self) -> list[Any]:
        """The events received, each verified with Stripe's own function."""
        return [stripe.Webhook.construct_event(body, header, SECRET) for body, header in self.received]

    def types(self) -> list[str]:
        return [event.type for event in self.events()]


class RunningSandbox:
    """The sandbox with its pages and levers, on a store that survives `restart`."""

    def __init__(self, file: Path, **settings: Any) -> None:
        self.server = RunningServer()
        self.file = file
        self.settings = settings
        self.http = httpx2.Client(
            base_url=self.server.origin, timeout=10, verify=False
        )  # no TLS here, and its context costs 30 ms
        self.levers = httpx2.Client(
            base_url=f"{self.server.origin}/sandbox",
            headers={"Authorization": f"Bearer {API_KEY}"},
            timeout=10,
            verify=False,  # as above
        )

    def start(self) -> None:
        settings = {
            "environment": "test",
            "database_file": self.file,
            "public_origin": self.server.origin,
            "webhook_url": "",
            "webhook_secret": SECRET,
            "shop_name": "Tea & Co",
            **self.settings,
        }
        self.server.start(create_app(Settings(**settings)))

    def stop(self) -> None:
        self.server.stop()

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        self.stop()
        self.http.close()
        self.levers.close()

    def pay(self, session: Any, number: str = "4242424242424242", **more: str) -> httpx2.Response:
        """The answer to the card form, not followed."""
        form = {"number": number, "expiry": "12 / 34", "cvc": "123", **more}
        return self.http.post(f"/pay/{session.id}", data=form)

    def advance(self, seconds: int) -> None:
        self.levers.post("/clock/advance", json={"seconds": seconds}).raise_for_status()

    def ledger(self) -> Any:
        return self.levers.get("/ledger").raise_for_status().json()


def wait_until(true: Callable[[], bool], *, seconds: float = 10) -> None:
    """The condition holds; an AssertionError when it does not within the time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
