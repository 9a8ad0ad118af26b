"""Keyset pages with opaque, signed cursors: cheap at any depth, and stable while rows come and go."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Query
from pydantic import Field

from chassis.errors import Malformed
from chassis.schemas import Out

Item = TypeVar("Item")
SIGNATURE_BYTES = 12
LONGEST_CURSOR = 1024


class InvalidCursor(Malformed):
    code = "invalid_cursor"
    title = "This cursor is not one of ours, or belongs to another list"


class Page(Out, Generic[Item]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[Item]
    next_cursor: Annotated[str | None, Field(examples=["WzE5OTld.c2lnbmF0dXJl"])]


Limit = Annotated[int, Query(ge=1, le=100, description="How many items a page holds.")]
CursorIn = Annotated[
    str | None, Query(max_length=LONGEST_CURSOR, description="`next_cursor` of the page before, as it was.")
]


class Cursors:
    """Makes and reads cursors. A cursor is bound to its list: `scope` says which, with filters and sorting."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def encode(self, scope: Sequence[Any], position: Sequence[Any]) -> str:
        """An opaque text for `position`, the sort values of a page's last row."""
        body = orjson.dumps(list(position), default=str)
        return f"{_text(body)}.{_text(self._signature(scope, body))}"

    def decode(self, scope: Sequence[Any], cursor: str, *, length: int) -> list[Any]:
        """The `length` values that `encode` was given for the same scope. Raises InvalidCursor."""
        body_text, _, signature_text = cursor.partition(".")
        try:
            body, signature = _bytes(body_text), _bytes(signature_text)
        except ValueError as error:
            raise InvalidCursor from error
        if not hmac.compare_digest(signature, self._signature(scope, body)):
            raise InvalidCursor
        position = orjson.loads(body)
        if not isinstance(position, list) or len(position) != length:
            raise InvalidCursor
        return position

    def _signature(self, scope: Sequence[Any], body: bytes) -> bytes:
        message = orjson.dumps(list(scope), default=str) + b"\0" + body
        return hmac.digest(self._secret, message, hashlib.sha256)[:SIGNATURE_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    if not text.isascii():
        raise ValueError("not base64")
    decoded = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _text(decoded) != text:
        raise ValueError("not the canonical writing")
    return decoded
