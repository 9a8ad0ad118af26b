"""The OpenAPI document: what routes say, plus the errors that any route can give."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from chassis import errors
from chassis.errors import Problem
from chassis.schemas import ProblemOut

REF = "#/components/schemas/ProblemOut"


def responses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses=`: each Problem it may answer with, with an example of its body."""
    found: dict[int | str, dict[str, Any]] = {}
    for problem in problems:
        entry = found.setdefault(problem.status, _entry(problem))
        entry["content"]["application/problem+json"]["examples"][problem.code] = {"value": _example(problem)}
        if problem.title not in entry["description"]:
            entry["description"] += f" · {problem.title}"
    return found


def _entry(problem: type[Problem]) -> dict[str, Any]:
    media = {"schema": {"$ref": REF}, "examples": {}}
    return {"description": problem.title, "content": {"application/problem+json": media}}


def _example(problem: type[Problem]) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.title,
        "instance": "/…",
        "code": problem.code,
        "request_id": "0199c0ffee007000b000000000000000",
    }


def _of_every(operation: dict[str, Any]) -> list[type[Problem]]:
    kinds: list[type[Problem]] = [errors.Invalid, errors.Unavailable]
    if "requestBody" in operation:
        kinds += [errors.Malformed, errors.TooLarge, errors.UnsupportedMedia]
    if operation.get("security"):
        kinds.append(errors.Unauthenticated)
    return kinds


def install(app: FastAPI, *, token_url: str) -> None:
    """`app.openapi()` is complete from now on; `token_url` is where *Authorize* gets its token."""

    def _document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(app, token_url)
        return app.openapi_schema

    app.openapi = _document  # type: ignore[method-assign]  # FastAPI's documented way to extend the document


def _complete(app: FastAPI, token_url: str) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        openapi_version=app.openapi_version,
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["ProblemOut"] = problem
    for scheme in components.get("securitySchemes", {}).values():
        if scheme["type"] == "oauth2":
            scheme["flows"]["password"]["tokenUrl"] = token_url
    for path in document["paths"].values():
        for operation in path.values():
            for status, said in responses(*_of_every(operation)).items():
                operation["responses"].setdefault(str(status), said)
                if "HTTPValidationError" in str(operation["responses"][str(status)]):
                    operation["responses"][str(status)] = said
    return document
