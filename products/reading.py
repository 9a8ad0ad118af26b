"""Hot public reads: the request is read by hand, once, and documented from the same model.

FastAPI solves each declared parameter on its own, which costs more than the whole rest of such a request (measured:
half of the time of a list). A hot route therefore takes the bare `Request`; its query is one pydantic model here,
and `documented` puts the same model into the OpenAPI document.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError

from chassis import auth
from chassis.auth import ANONYMOUS, Caller
from chassis.languages import preferred
from chassis.schemas import Locale
from products.deps import Context


class QueryIn(BaseModel):
    """Base of every query: texts are read as what they say, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Query = TypeVar("Query", bound=QueryIn)


def context_of(request: Request) -> Context:
    """The running application's context."""
    found: Context = request.app.state.context
    return found


def locale_of(request: Request) -> Locale:
    """The language to answer in."""
    return preferred(request.headers.get("accept-language", ""))


async def caller_of(request: Request) -> Caller:
    """Who calls; ANONYMOUS without a token. Raises Unauthenticated for a bad one."""
    if "authorization" not in request.headers:
        return ANONYMOUS
    return await auth.caller(request, await auth.people_scheme(request))


def read_query(model: type[Query], given: Mapping[str, str]) -> Query:
    """The query as `model`. Raises RequestValidationError, which becomes a 422 that names each key."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise RequestValidationError([{**one, "loc": ("query", *one["loc"])} for one in found]) from error


def documented(model: type[QueryIn], *more: dict[str, Any]) -> dict[str, Any]:
    """`openapi_extra` of a route that reads `model` by hand: its keys, the headers such routes heed, its scheme."""
    parameters = [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": schema.pop("description", ""),
            "schema": schema,
        }
        for name, schema in model.model_json_schema()["properties"].items()
    ]
    headers = [
        _header("Accept-Language", "Language of names and texts: `en` or `ru`; English otherwise.", "ru"),
        _header("If-None-Match", "An `ETag` the client has already.", '"3.17.en"'),
    ]
    return {
        "parameters": [*parameters, *more, *headers],
        "security": [{}, {auth.people_scheme.scheme_name: []}],
    }


def _header(name: str, description: str, example: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }
