"""Leases on rows of work: the loop that finishes what its first worker could not.

A row of work carries `next_at`, `attempts`, `lease_token`. Whoever writes a row that needs more work writes
it *already leased* (`next_at = now() + lease`, its own token) and goes on with it in the same task. If it
dies, `next_at` passes, and a `LeaseLoop` of any process claims the row: new token, attempts counted before
the work (so that a row that kills its worker is counted too). Every later write of a worker names the token
it holds, so that one which was frozen past its lease writes nothing.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from chassis.telemetry import log

Lease = TypeVar("Lease")

FIRST_BACKOFF_SECONDS = 0.5
LONGEST_BACKOFF_SECONDS = 60.0


def backoff_seconds(attempts: int) -> float:
    """Seconds to wait after the `attempts`-th failure (1, 2, …): doubling from 0.5 to 60, with full jitter."""
    ceiling = min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2.0 ** min(attempts, 10))
    return random.uniform(ceiling / 10, ceiling)  # noqa: S311  # spreads load, guards nothing


class LeaseLoop(Generic[Lease]):
    """Claims due rows and works on them, some at a time, until stopped.

    `claim(n)` leases at most n due rows (`FOR UPDATE SKIP LOCKED`) and returns them; `work(lease)` does one
    and must settle or put it off itself. What `work` raises is logged; the lease then simply runs out.
    """

    def __init__(
        self,
        name: str,
        *,
        claim: Callable[[int], Awaitable[Sequence[Lease]]],
        work: Callable[[Lease], Awaitable[None]],
        concurrency: int = 16,
        poll_seconds: float = 1.0,
    ) -> None:
        self._name = name
        self._claim = claim
        self._work = work
        self._concurrency = concurrency
        self._poll_seconds = poll_seconds
        self._running: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._main: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "LeaseLoop[Lease]":
        self._main = asyncio.create_task(self._loop(), name=f"{self._name} loop")
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Claims nothing more; work under way is given five seconds, then left to its lease."""
        if self._main is not None:
            self._main.cancel()
            await asyncio.gather(self._main, return_exceptions=True)
        if self._running:
            waited = await asyncio.wait(self._running, timeout=5)
            late = waited[1]
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def wake(self) -> None:
        """There may be due rows: look now."""
        self._wake.set()

    async def _loop(self) -> None:
        while True:
            claimed = await self._claimed()
            for lease in claimed:
                task = asyncio.create_task(self._one(lease), name=f"{self._name} work")
                self._running.add(task)
                task.add_done_callback(self._finished)
            if not claimed:
                await self._pause()

    async def _claimed(self) -> Sequence[Lease]:
        free = self._concurrency - len(self._running)
        if free <= 0:
            return ()
        try:
            return await self._claim(free)
        except Exception as error:  # noqa: BLE001  # the loop outlives any outage of its database
            log.warning("jobs.claim_failed", loop=self._name, reason=repr(error))
            await asyncio.sleep(self._poll_seconds)
            return ()

    async def _one(self, lease: Lease) -> None:
        try:
            await self._work(lease)
        except Exception:  # noqa: BLE001  # one row's bug must not stop the others; its lease runs out
            log.exception("jobs.work_failed", loop=self._name)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._wake.set()

    async def _pause(self) -> None:
        self._wake.clear()
        try:
            await asyncio.wait_for(self._wake.wait(), self._poll_seconds * random.uniform(0.8, 1.2))  # noqa: S311  # spreads load
        except TimeoutError:
            return
