"""Routes that read strictly: JSON per `strict_json`, `application/json` only, no unknown query keys."""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from chassis import strict_json
from chassis.errors import FieldError, Invalid, Malformed, UnsupportedMedia

Handler = TypeVar("Handler", bound=Callable[..., Any])
QUERY_PREFIXES = "_query_prefixes"


def query_prefixes(*prefixes: str) -> Callable[[Handler], Handler]:
    """Lets a route take query keys that begin with one of `prefixes`, beside its declared parameters."""

    def _mark(handler: Handler) -> Handler:
        setattr(handler, QUERY_PREFIXES, prefixes)
        return handler

    return _mark


class _StrictRequest(Request):
    async def json(self) -> Any:
        return strict_json.parse(await self.body())


class StrictRoute(APIRoute):
    """A route of an API for programs."""

    strict_query: ClassVar[bool] = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = _query_names(self.dependant)
        prefixes: tuple[str, ...] = getattr(self.endpoint, QUERY_PREFIXES, ())
        takes_body = self.body_field is not None

        async def _strict(request: Request) -> Response:
            if takes_body:
                _refuse_other_media(request)
            if request.query_params:
                _refuse_unknown_keys(request, known, prefixes)
            try:
                return await handle(_StrictRequest(request.scope, request.receive))
            except ClientDisconnect as error:
                raise Malformed("The request ended before its body did.") from error

        return _strict


class Router(APIRouter):
    """FastAPI's router with strict routes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=StrictRoute, **options)


def _query_names(dependant: Dependant) -> frozenset[str]:
    names = {field.alias for field in dependant.query_params}
    for inner in dependant.dependencies:
        names |= _query_names(inner)
    return frozenset(names)


def _refuse_other_media(request: Request) -> None:
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedMedia("Send the body without content encoding.")
    media = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media == "application/json" or (not media and request.headers.get("content-length", "0") == "0"):
        return
    raise UnsupportedMedia


def _refuse_unknown_keys(request: Request, known: frozenset[str], prefixes: tuple[str, ...]) -> None:
    wrong = [
        key
        for key in request.query_params
        if key not in known and not (prefixes and key.startswith(prefixes))
    ]
    if wrong:
        raise Invalid(
            "The query has keys that this address does not know.",
            errors=[FieldError("?", "unknown_query_key", f"{len(wrong)} unknown key(s)")],
        )
