"""Who waits in this process for an order to move."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID


class Watchers:
    """Wakes those who wait for an order when this process has moved it. Another process's moves, they must read."""

    def __init__(self) -> None:
        self._waiting: dict[UUID, set[asyncio.Event]] = {}

    def tell(self, order_id: UUID) -> None:
        """Whoever waits for this order wakes."""
        for event in self._waiting.get(order_id, ()):
            event.set()

    @contextmanager
    def watching(self, order_id: UUID) -> Iterator[asyncio.Event]:
        """An event that is set when the order moves; clear it before looking again."""
        event = asyncio.Event()
        self._waiting.setdefault(order_id, set()).add(event)
        try:
            yield event
        finally:
            self._waiting[order_id].discard(event)
            if not self._waiting[order_id]:
                del self._waiting[order_id]
