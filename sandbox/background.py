"""Work beside the requests that must outlive its own errors."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

PAUSE_SECONDS = 1.0

log = structlog.get_logger()


async def keep_running(work: Callable[[], Awaitable[None]], *, pause: float = PAUSE_SECONDS) -> None:
    """Never returns. When `work` fails (a full disk, a bug) the error is logged and it begins anew after `pause` seconds."""
    while True:
        try:
            await work()
        except Exception:  # the process boundary: nobody else would learn of it
            log.exception("sandbox.background_failed")
        await asyncio.sleep(pause)
