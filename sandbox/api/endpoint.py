"""One call of Stripe's API from its first byte to its last: key, form, idempotency, decision, answer."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import orjson
import structlog
from pydantic import ValidationError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sandbox.api import idempotency
from sandbox.api.errors import InvalidApiKey, InvalidRequest, ProviderBroken, StripeError
from sandbox.api.idempotency import Answer
from sandbox.api.validation import as_invalid_request
from sandbox.api.wire import API_VERSION, LARGEST_BODY, Json, Params, Unreadable, parse_form
from sandbox.expand import expand
from sandbox.ids import new_id
from sandbox.provider import Provider
from sandbox.routing import PlainRoute
from sandbox.settings import Settings
from sandbox.transaction import Transaction

FORM = "application/x-www-form-urlencoded"

log = structlog.get_logger()
P = TypeVar("P", bound=Params)


@dataclass(frozen=True, slots=True)
class Call(Generic[P]):
    """A call that is well formed and allowed. `id` is the one in the address, empty when there is none."""

    transaction: Transaction
    params: P
    id: str
    settings: Settings


Operation = Callable[[Call[P]], Json | StripeError]
"""Decides one call. A raised StripeError undoes its writes, a returned one keeps them (a declined card)."""


class Endpoint(Generic[P]):
    """An operation behind HTTP, as a plain ASGI application: nothing stands between it and the server."""

    def __init__(self, params: type[P], operation: Operation[P]) -> None:
        self.params = params
        self.operation = operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        provider: Provider = scope["app"].state.provider
        request_id = new_id("req")
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        try:
            _authenticate(request.headers, provider.settings)
            _check_key(key)
            with provider.keys.hold(key):
                answer = await self._answer(request, provider, key, request_id)
        except StripeError as refusal:
            answer = Answer(refusal.status, orjson.dumps(refusal.body()), request_id)
        await _response(answer, key=key, request_id=request_id)(scope, receive, send)

    async def _answer(self, request: Request, provider: Provider, key: str | None, request_id: str) -> Answer:
        body = await _body(request)
        try:
            params = self.params.model_validate(parse_form(body))
        except Unreadable as error:
            raise InvalidRequest(str(error)) from error
        except ValidationError as error:
            raise as_invalid_request(error) from error
        asked = idempotency.fingerprint(method=request.method, path=request.url.path, body=body)
        if key is not None:
            now = provider.clock.now()
            if answer := idempotency.recorded(provider.store.durable, key, asked=asked, now=now):
                return answer
        try:
            with provider.transaction(request_id=request_id, idempotency_key=key) as transaction:
                call = Call(transaction, params, request.path_params.get("id", ""), provider.settings)
                answer = _rendered(self.operation(call), call, request_id)
                if key is not None:
                    idempotency.record(transaction.db, key, answer, asked=asked, now=transaction.now)
        except StripeError as refusal:
            answer = Answer(refusal.status, orjson.dumps(refusal.body()), request_id)
            if key is not None:
                with provider.transaction() as transaction:
                    idempotency.record(transaction.db, key, answer, asked=asked, now=transaction.now)
        except Exception:  # the process boundary: the caller learns that the outcome is unknown
            log.exception("sandbox.call_failed", path=request.url.path)
            raise ProviderBroken("The sandbox has a bug here; its log says more.") from None
        return answer


def call(method: str, path: str, params: type[P], operation: Operation[P]) -> Route:
    """The route under which an operation is offered; `{id}` in the path becomes `Call.id`."""
    return PlainRoute(path, Endpoint(params, operation), methods=[method])


def _rendered(result: Json | StripeError, call: Call[P], request_id: str) -> Answer:
    if isinstance(result, StripeError):
        return Answer(result.status, orjson.dumps(result.body()), request_id)
    expand(call.transaction, result, call.params.expand)
    return Answer(200, orjson.dumps(result), request_id)


def _authenticate(headers: Headers, settings: Settings) -> None:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    expected = settings.api_key.get_secret_value()
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), expected.encode()):
        raise InvalidApiKey("Invalid API Key provided")


def _check_key(key: str | None) -> None:
    if key is not None and not 0 < len(key) <= idempotency.LONGEST_KEY:
        raise InvalidRequest(f"Idempotency keys have 1 to {idempotency.LONGEST_KEY} characters")


async def _body(request: Request) -> bytes:
    if request.method == "GET":
        query: bytes = request.scope["query_string"]
        return query
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise InvalidRequest(f"The request body is larger than {LARGEST_BODY} bytes")
    if body and request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise InvalidRequest(f"Invalid request content type: use {FORM}")
    return body


def _response(answer: Answer, *, key: str | None, request_id: str) -> Response:
    headers = {"Request-Id": request_id, "Stripe-Version": API_VERSION}
    if key is not None and key.isprintable() and key.isascii():
        headers["Idempotency-Key"] = key
    if answer.request_id != request_id:
        headers |= {"Idempotent-Replayed": "true", "Original-Request": answer.request_id}
    return Response(answer.body, answer.status, headers, media_type="application/json")
