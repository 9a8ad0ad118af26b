"""Localised JSON answers with an entity tag."""

import hashlib

from fastapi import Response
from pydantic import BaseModel

from chassis import etags
from chassis.schemas import Locale

VALIDATED = "no-cache"
"""May be kept, but asked for again before each use: no stale price or stock is ever shown."""


def localised_headers(locale: Locale, tag: str) -> dict[str, str]:
    """What every answer in a language says about itself."""
    return {
        "ETag": tag,
        "Cache-Control": VALIDATED,
        "Vary": "Accept-Language",
        "Content-Language": locale,
    }


def as_json(body: BaseModel, *, status: int = 200, headers: dict[str, str]) -> Response:
    """The body as it is: it was built of typed rows, so it is not validated a second time."""
    content = body.__pydantic_serializer__.to_json(body)
    return Response(content, status, headers=headers, media_type="application/json")


def recorded_headers(answer: Response) -> dict[str, str]:
    """The headers that belong to an answer that may be repeated later."""
    return {
        name: value
        for name, value in answer.headers.items()
        if name not in ("content-length", "content-type")
    }


def not_modified(if_none_match: str | None, *, locale: Locale, tag: str) -> Response | None:
    """304 when the client has the representation already, else None."""
    if etags.unchanged(if_none_match, tag):
        return Response(status_code=304, headers=localised_headers(locale, tag))
    return None


def tagged_by_content(content: bytes, *, locale: Locale, if_none_match: str | None) -> Response:
    """A JSON answer that has no version of its own: its tag is another one whenever anything in it changed."""
    tag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}.{locale}"'
    unchanged = not_modified(if_none_match, locale=locale, tag=tag)
    return unchanged or Response(
        content, headers=localised_headers(locale, tag), media_type="application/json"
    )
