"""Refusals a caller can act on, as problem+json (RFC 9457).

    Problem
    ├── Malformed 400            what was sent cannot be read at all
    ├── Unauthenticated 401      no or no good token
    ├── Forbidden 403            known, but not in a role that may
    ├── NotFound 404             unknown, or not yours: a stranger cannot tell which
    ├── Conflict 409             the state of things refuses it
    ├── Gone 410                 was closed before it began (tombstone)
    ├── PreconditionFailed 412   somebody else wrote first (stale If-Match)
    ├── TooLarge 413, UnsupportedMedia 415
    ├── Invalid 422              readable, but a field is wrong: `errors` names each
    ├── PreconditionRequired 428 a write that needs If-Match came without
    └── TooManyRequests 429, Unavailable 503   come back after `Retry-After`

A service subclasses these beside the code that raises them, with its own `code`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: where (RFC 6901 pointer into the body, or `?name` for a query key), why, in words."""

    pointer: str
    code: str
    message: str


class Problem(Exception):
    """A refusal with a status and a stable snake_case `code`; `extra` are members beside the standard ones."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str = "", *, headers: Mapping[str, str] | None = None, **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.headers = dict(headers or {})
        self.extra = extra


class Malformed(Problem):
    status = 400
    code = "malformed_request"
    title = "The request cannot be read"


class Unauthenticated(Problem):
    status = 401
    code = "unauthenticated"
    title = "Sign in first"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Problem):
    status = 403
    code = "forbidden"
    title = "You may not do this"


class NotFound(Problem):
    status = 404
    code = "not_found"
    title = "There is nothing here"


class MethodNotAllowed(Problem):
    status = 405
    code = "method_not_allowed"
    title = "This method is not offered here"


class Conflict(Problem):
    status = 409
    code = "conflict"
    title = "The present state does not allow this"


class Gone(Problem):
    status = 410
    code = "gone"
    title = "This was closed"


class PreconditionFailed(Problem):
    status = 412
    code = "precondition_failed"
    title = "Somebody changed this in the meantime"


class TooLarge(Problem):
    status = 413
    code = "too_large"
    title = "The request body is too large"


class UnsupportedMedia(Problem):
    status = 415
    code = "unsupported_media_type"
    title = "Send the body as plain application/json"


class Invalid(Problem):
    status = 422
    code = "invalid"
    title = "Some of the input is not valid"

    def __init__(self, detail: str = "", *, errors: Sequence[FieldError] = (), **extra: Any) -> None:
        super().__init__(detail, **extra)
        self.errors = tuple(errors)


class PreconditionRequired(Problem):
    status = 428
    code = "precondition_required"
    title = "Send If-Match with the version you edited"


class TooManyRequests(Problem):
    status = 429
    code = "too_many_requests"
    title = "Too many requests"

    def __init__(self, detail: str = "", *, retry_after: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class Unavailable(Problem):
    status = 503
    code = "unavailable"
    title = "Temporarily unavailable"

    def __init__(self, detail: str = "", *, retry_after: int = 2, **extra: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)}, **extra)
