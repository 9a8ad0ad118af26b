"""Calls to another service: a deadline, a request id, our token, one safe repeat, a circuit breaker.

The interface is httpx2's transport, so that tests run a client against a real application in process
(`httpx2.ASGITransport`); in production an aiohttp pool lies under it, which is cheaper per call.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, TypeVar

import aiohttp
import httpx2
import orjson
from pydantic import BaseModel, ValidationError

from chassis.auth import TokenMinter
from chassis.database import refuse_network_call
from chassis.errors import Unavailable
from chassis.telemetry import log, request_id

Answer = TypeVar("Answer", bound=BaseModel)

REPEATABLE = frozenset({"GET", "PUT", "DELETE"})
CONNECT_SECONDS = 0.5
ANSWER_LIMIT = 8 * 1024 * 1024
FAILURES_TO_OPEN = 5
OPEN_SECONDS = 5.0


class RemoteProblem(Exception):
    """Another service refused, for a reason that the caller of this client may know how to answer."""

    def __init__(self, service: str, status: int, body: dict[str, Any]) -> None:
        self.service = service
        self.status = status
        self.code = str(body.get("code", ""))
        self.detail = str(body.get("detail", ""))
        self.body = body
        super().__init__(f"{service} answered {status} {self.code}: {self.detail}")


class RemoteUnavailable(Unavailable):
    """Another service gave no usable answer. `maybe_done`: the request may have had its effect."""

    code = "dependency_unavailable"

    def __init__(self, service: str, reason: str, *, maybe_done: bool) -> None:
        super().__init__(f"The {service} service is not answering.", retry_after=2, service=service)
        self.service = service
        self.reason = reason
        self.maybe_done = maybe_done


class AiohttpTransport(httpx2.AsyncBaseTransport):
    """httpx2's transport interface over one aiohttp connection pool."""

    def __init__(self, *, connections: int = 100) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
                skip_auto_headers=("User-Agent", "Accept", "Content-Type"),
            )
        headers = [(name, value) for name, value in request.headers.items() if name != "host"]
        try:
            async with self._session.request(
                request.method,
                str(request.url),
                headers=headers,
                data=request.content or None,
                allow_redirects=False,
            ) as answer:
                content = await answer.content.read(ANSWER_LIMIT)
                if not answer.content.at_eof():
                    raise httpx2.RemoteProtocolError("answer too large", request=request)
                kept = {
                    name: value
                    for name, value in answer.headers.items()
                    if name.lower() not in ("content-encoding", "content-length", "transfer-encoding")
                }
                return httpx2.Response(answer.status, headers=kept, content=content, request=request)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise httpx2.ConnectError(str(error), request=request) from error
        except aiohttp.ServerTimeoutError as error:
            raise httpx2.ReadTimeout(str(error), request=request) from error
        except aiohttp.ClientError as error:
            raise httpx2.ReadError(str(error), request=request) from error

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()


class Breaker:
    """After five failures in a row nothing is sent for five seconds, then one call may try."""

    def __init__(self) -> None:
        self._failures = 0
        self._closed_again_at = 0.0

    def is_open(self) -> bool:
        """Whether to refuse at once. When the pause is over, the one who asks may try, others wait on."""
        if self._failures < FAILURES_TO_OPEN:
            return False
        now = time.monotonic()
        if now < self._closed_again_at:
            return True
        self._closed_again_at = now + OPEN_SECONDS
        return False

    def record(self, *, answered: bool) -> None:
        """Counts failures in a row; any answer, also a refusal, ends the row."""
        self._failures = 0 if answered else self._failures + 1
        if self._failures >= FAILURES_TO_OPEN:
            self._closed_again_at = time.monotonic() + OPEN_SECONDS


class ServiceClient:
    """Calls one other service. Make one per service and process; close it with `aclose`.

    `minter` signs our own service token onto each call that brings no `token` of its own.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        *,
        minter: TokenMinter | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        deadline: float = 2.0,
    ) -> None:
        self.service = service
        self._base_url = base_url.rstrip("/")
        self._minter = minter
        self._transport = transport or AiohttpTransport()
        self._deadline = deadline
        self._breaker = Breaker()

    async def aclose(self) -> None:
        """Its connections are closed."""
        await self._transport.aclose()

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: BaseModel | Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        deadline: float | None = None,
        repeatable: bool | None = None,
    ) -> httpx2.Response:
        """The answer, whatever its status below 500.

        `token`: a bearer token to send instead of our own; empty for none. `deadline`: seconds for all of it.
        A broken connection is tried once more when repeating is safe (GET, PUT, DELETE, or `repeatable`).
        Raises RemoteUnavailable (no answer in time, no connection, 429, 5xx, or the breaker is open).
        """
        request = self._request(method, path, params=params, body=body, headers=headers, token=token)
        again = method in REPEATABLE if repeatable is None else repeatable
        response = await self._exchange(request, again=again, deadline=deadline or self._deadline)
        if response.status_code >= 500 or response.status_code == 429:
            self._breaker.record(answered=response.status_code != 503)
            raise RemoteUnavailable(self.service, f"status {response.status_code}", maybe_done=True)
        self._breaker.record(answered=True)
        return response

    async def relay(
        self, method: str, target: str, *, headers: Mapping[str, str], content: bytes, deadline: float
    ) -> httpx2.Response:
        """The answer, whatever its status, to somebody else's request handed on as it is, with no token of ours.

        `target`: path with query. Raises RemoteUnavailable when no answer came.
        """
        sent = {**headers, "x-request-id": request_id.get()}
        request = httpx2.Request(method, self._base_url + target, headers=sent, content=content)
        response = await self._exchange(request, again=method == "GET", deadline=deadline)
        self._breaker.record(answered=response.status_code < 500 or response.status_code == 503)
        return response

    async def call(self, method: str, path: str, into: type[Answer], **options: Any) -> Answer:
        """The 2xx answer parsed into a model. Options as for `send`.

        Raises RemoteProblem for a 3xx or 4xx, RemoteUnavailable when no usable answer came.
        """
        response = await self.send(method, path, **options)
        if response.status_code >= 300:
            raise self.problem(response)
        return self.read(response, into)

    def read(self, response: httpx2.Response, into: type[Answer]) -> Answer:
        """A 2xx answer parsed into a model. Raises RemoteUnavailable when it does not fit."""
        try:
            return into.model_validate_json(response.content)
        except ValidationError as error:
            log.error(
                "remote.unreadable", remote=self.service, model=into.__name__, errors=error.error_count()
            )
            raise RemoteUnavailable(self.service, "unreadable answer", maybe_done=True) from error

    def problem(self, response: httpx2.Response) -> RemoteProblem:
        """The refusal that an answer says, to raise."""
        try:
            body = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            body = {}
        return RemoteProblem(self.service, response.status_code, body if isinstance(body, dict) else {})

    def _request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None,
        body: BaseModel | Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
        token: str | None,
    ) -> httpx2.Request:
        sent = {"accept": "application/json", **(headers or {})}
        if current := request_id.get():
            sent["x-request-id"] = current
        if token is None and self._minter is not None:
            token = self._minter.service_token(self.service)
        if token:
            sent["authorization"] = f"Bearer {token}"
        content = b""
        if body is not None:
            sent["content-type"] = "application/json"
            content = body.model_dump_json().encode() if isinstance(body, BaseModel) else orjson.dumps(body)
        return httpx2.Request(
            method, self._base_url + path, params=params or None, headers=sent, content=content
        )

    async def _exchange(self, request: httpx2.Request, *, again: bool, deadline: float) -> httpx2.Response:
        refuse_network_call(self.service)
        if self._breaker.is_open():
            raise RemoteUnavailable(self.service, "breaker open", maybe_done=False)
        try:
            async with asyncio.timeout(deadline):
                return await self._transmit(request, again=again)
        except (httpx2.TransportError, TimeoutError) as error:
            self._breaker.record(answered=False)
            maybe_done = not isinstance(error, httpx2.ConnectError)
            log.warning(
                "remote.unavailable",
                remote=self.service,
                method=request.method,
                path=request.url.path,
                reason=repr(error),
            )
            raise RemoteUnavailable(self.service, type(error).__name__, maybe_done=maybe_done) from error

    async def _transmit(self, request: httpx2.Request, *, again: bool) -> httpx2.Response:
        try:
            return await self._received(request)
        except (httpx2.ConnectError, httpx2.ReadError, httpx2.RemoteProtocolError) as error:
            if not again and not isinstance(error, httpx2.ConnectError):
                raise
            return await self._received(request)

    async def _received(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._transport.handle_async_request(request)
        await response.aread()
        return response
