"""What the payments desk works with: its books, its lines to the providers and to orders, and its patience."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from chassis.database import Database
from chassis.errors import Problem
from chassis.telemetry import log
from payments.clients.orders import OrdersClient
from payments.news import sending
from payments.news.message import Message
from payments.providers.protocol import Provider

PATIENCE_SECONDS = 1.5
"""How long a caller waits for the provider; less than the two seconds that a service waits for us."""
LAST_WORK_SECONDS = 5.0

Result = TypeVar("Result")


class Desk:
    """Opened with the process, closed with it. Work that outlives its request is finished here."""

    def __init__(
        self,
        *,
        db: Database,
        providers: Mapping[str, Provider],
        orders: OrdersClient,
        currency: str,
        lease_seconds: float = 30.0,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.db = db
        self.providers = providers
        self.orders = orders
        self.currency = currency
        self.lease_seconds = lease_seconds
        self._patience_seconds = patience_seconds
        self._running: set[asyncio.Task[Any]] = set()

    async def patiently(self, work: Coroutine[Any, Any, Result]) -> Result | None:
        """The result of `work`, or None when it takes too long: then it goes on behind the caller's back."""
        task = self._started(work)
        await asyncio.wait({task}, timeout=self._patience_seconds)
        if task.done():
            return task.result()
        task.add_done_callback(_report)
        return None

    def tell_orders(self, messages: Sequence[Message]) -> None:
        """The messages, committed already, are on their way; if we die now, the loop sends them."""
        if messages:
            self._started(sending.send(self.db, self.orders, messages)).add_done_callback(_report)

    async def aclose(self) -> None:
        """Work under way was given five seconds; what is left is found by its lease."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=LAST_WORK_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _started(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task


def _report(task: asyncio.Task[Any]) -> None:
    """A failure that no caller waits for is in the log. A refusal is none: it stands in the books."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, Problem):
        log.error("desk.work_failed", exc_info=error)
