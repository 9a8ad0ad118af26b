"""One running provider: its settings, store, clock and open idempotency keys."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sandbox.api.idempotency import KeysInFlight
from sandbox.clock import Clock, store_offset, stored_offset
from sandbox.settings import Settings
from sandbox.store import Store
from sandbox.transaction import Transaction


class Provider:
    """Opened with the application, closed with it. Everything it knows is in the store."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.database_file)
        self.clock = Clock(stored_offset(self.store.durable, default=settings.clock_offset_seconds))
        self.keys = KeysInFlight()
        self._subscriptions = settings.webhook_events if settings.webhook_url else frozenset[str]()
        self.on_news: Callable[[], None] = _nobody_listens
        """Called after a commit that left an event to be sent."""

    @contextmanager
    def transaction(
        self, *, request_id: str | None = None, idempotency_key: str | None = None
    ) -> Iterator[Transaction]:
        """All writes of the block are durable afterwards and its events on their way; or nothing happened."""
        with self.store.transaction() as db:
            transaction = Transaction(
                db=db,
                now=self.clock.now(),
                pages=self.settings.public_origin,
                subscriptions=self._subscriptions,
                request_id=request_id,
                idempotency_key=idempotency_key,
            )
            yield transaction
        if transaction.news:
            self.on_news()

    def set_clock(self, offset_seconds: int) -> None:
        """The clock is this far ahead of the machine's, after a restart too."""
        with self.store.transaction() as db:
            store_offset(db, offset_seconds)
        self.clock.offset_seconds = offset_seconds

    def close(self) -> None:
        self.store.close()


def _nobody_listens() -> None:
    """Before the application has started there is no delivery to wake."""
