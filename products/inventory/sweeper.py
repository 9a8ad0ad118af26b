"""The clock of the inventory: holds whose order never came back are given back.

The backstop of the saga: orders release their own holds long before. Any number of processes may sweep.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chassis import idempotency
from chassis.database import Database
from chassis.telemetry import log
from products.inventory import queries

BATCH = 100


async def sweep(db: Database, *, grace_seconds: int) -> int:
    """Every hold that expired longer than the grace ago is given back; how many."""
    swept = 0
    while batch := await queries.overdue(db, grace_seconds=grace_seconds, limit=BATCH):
        expired = [order for order in batch if await queries.expire(db, order, grace_seconds=grace_seconds)]
        swept += len(expired)
        if not expired:
            break
    if swept:
        log.info("stock.holds_expired", count=swept)
    return swept


@asynccontextmanager
async def sweeping(db: Database, *, grace_seconds: int, every_seconds: float) -> AsyncIterator[None]:
    """Holds are swept, and idempotency keys forgotten in their time, while the block runs."""
    task = asyncio.create_task(_loop(db, grace_seconds, every_seconds), name="stock sweeper")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _loop(db: Database, grace_seconds: int, every_seconds: float) -> None:
    while True:
        await asyncio.sleep(every_seconds * random.uniform(0.8, 1.2))  # noqa: S311  # spreads load, guards nothing
        try:
            await sweep(db, grace_seconds=grace_seconds)
            async with db.transaction() as connection:
                await idempotency.forget_old(connection)
        except Exception as error:  # noqa: BLE001  # the clock outlives any outage of its database
            log.warning("stock.sweep_failed", reason=repr(error))
