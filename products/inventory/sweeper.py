"""The clock of the inventory: holds whose order never came back are given back.

The backstop of the saga: orders release their own holds long before. Any number of processes may sweep.
"""

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


async def tidy(db: Database, *, grace_seconds: int) -> None:
    """Overdue holds are given back, and idempotency keys of more than three days ago forgotten."""
    await sweep(db, grace_seconds=grace_seconds)
    async with db.transaction() as connection:
        await idempotency.forget_old(connection)
