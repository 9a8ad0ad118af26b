"""Work that the clock asks for: sweeps and the like, which may be late, double or missing once without harm."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Self

from chassis.telemetry import log


class Clock:
    """Does `work` again and again while its block runs, `every` so many seconds (± 20 %, so that processes drift apart).

    The first time is one pause after the start: starting costs nothing. What `work` raises is logged, and the
    clock goes on. Many processes may have the same clock: `work` must be safe beside itself.
    """

    def __init__(self, name: str, work: Callable[[], Awaitable[None]], *, every: float) -> None:
        self._name = name
        self._work = work
        self._every = every
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name=self._name)
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Work under way is interrupted; a transaction of it rolls back."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every * random.uniform(0.8, 1.2))  # noqa: S311  # spreads load, guards nothing
            try:
                await self._work()
            except Exception:  # noqa: BLE001  # the clock outlives whatever its work does
                log.exception("clock.work_failed", clock=self._name)
