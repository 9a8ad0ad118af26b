"""Whether a service answers `GET /readyz` with 200: a few bytes over a socket, no HTTP library."""

import asyncio
from urllib.parse import urlsplit

ANSWER_SECONDS = 5.0


async def answers_ready(address: str) -> bool:
    """Whether the service at `address` (`http://host:port`) says that it is ready now."""
    parts = urlsplit(address)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await _status(parts.hostname or "", parts.port or 80) == b"200"
    except (OSError, TimeoutError):
        return False


async def _status(host: str, port: int) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET /readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        words = (await reader.readline()).split()
    finally:
        writer.close()
    return words[1] if len(words) > 1 else b""
