"""Where the public keys of people's tokens come from."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx2
import orjson

from chassis.database import refuse_network_call
from chassis.errors import Unavailable

PEOPLE_ISSUER = "frontend"
"""The one issuer of people's tokens: the application that keeps the accounts."""


def fetch_people_keys(
    address: str, transport: httpx2.AsyncBaseTransport
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """A function that gets the JWKS at `address`, an http(s) or a file URL. It raises Unavailable when it cannot."""

    async def _fetch() -> dict[str, Any]:
        if address.startswith("file:"):
            return _from_file(Path(unquote(urlsplit(address).path)))
        refuse_network_call("people's keys")
        try:
            response = await transport.handle_async_request(httpx2.Request("GET", address))
            await response.aread()
            if response.status_code != 200:
                raise Unavailable("Tokens cannot be checked at the moment.")
            keys: dict[str, Any] = orjson.loads(response.content)
        except (httpx2.TransportError, TimeoutError, orjson.JSONDecodeError) as error:
            raise Unavailable("Tokens cannot be checked at the moment.") from error
        return keys

    return _fetch


def _from_file(path: Path) -> dict[str, Any]:
    keys: dict[str, Any] = orjson.loads(path.read_bytes())
    return keys
