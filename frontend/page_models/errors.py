"""Pages for when something does not work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """Something one can do next."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What happened, in kind words, and what to do next. `request_id` helps us find it in the logs."""

    status: int
    title: str
    text: str
    links: tuple[Link, ...]
    request_id: str = ""
    retry_seconds: int | None = None
