"""Pages that were made already of the very same answers: rendered once, sent again while nothing has changed.

Freshness is not guessed: the services are asked each time (`If-None-Match`), and only when their answers are
the same objects as before is the page the same. Only for visitors about whom a page says nothing.
"""

import gzip
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

MOST_PAGES: Final = 256
COMPRESSION: Final = 6
HEADERS: Final = ("vary", "content-language")

Place = tuple[str, str]
"""Locale and address."""


@dataclass(frozen=True, slots=True)
class _Made:
    of: tuple[object, ...]
    plain: bytes
    compressed: bytes
    headers: dict[str, str]


class SamePages:
    """The pages made last, at most 256."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Place, _Made] = OrderedDict()

    def find(self, place: Place, made_of: tuple[object, ...], request: Request) -> Response | None:
        """The page of this place, if it was made of these very objects; compressed for those who take it."""
        made = self._pages.get(place)
        if made is None or any(now is not then for now, then in zip(made_of, made.of, strict=True)):
            return None
        self._pages.move_to_end(place)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers = {**made.headers, "Content-Encoding": "gzip"}
            headers["vary"] += ", Accept-Encoding"
            return HTMLResponse(made.compressed, headers=headers)
        return HTMLResponse(made.plain, headers=made.headers)

    def keep(self, place: Place, made_of: tuple[object, ...], response: HTMLResponse) -> HTMLResponse:
        """The same response; its page is remembered as made of these objects."""
        plain = bytes(response.body)
        headers = {name: response.headers[name] for name in HEADERS}
        self._pages[place] = _Made(made_of, plain, gzip.compress(plain, COMPRESSION, mtime=0), headers)
        if len(self._pages) > MOST_PAGES:
            self._pages.popitem(last=False)
        return response
