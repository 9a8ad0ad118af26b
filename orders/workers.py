"""What goes on beside requests: due orders, mail, and a sweep."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from chassis import idempotency
from chassis.clock import Clock
from chassis.queue import QueueWorker
from orders.lifecycle.queries import saga
from orders.notifications.post import post
from orders.shop import Shop

SWEEP_SECONDS = 3600.0
INBOX_DAYS = 90


@asynccontextmanager
async def working(shop: Shop) -> AsyncIterator[None]:
    """Due orders and mails are worked on within the block. Any number of processes may do so at once."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(shop.saga.loop())
        handlers = {"mail": partial(post, shop)}
        await stack.enter_async_context(QueueWorker(shop.settings.database_dsn, handlers))
        await stack.enter_async_context(Clock("orders.sweep", partial(sweep, shop), every=SWEEP_SECONDS))
        yield


async def sweep(shop: Shop) -> None:
    """Idempotency keys and news that are older than their time are gone."""
    async with shop.db.transaction() as connection:
        await idempotency.forget_old(connection)
    await saga.forget_old_news(shop.db, days=INBOX_DAYS)
