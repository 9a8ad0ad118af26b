"""What is old is thrown away by the clock: guests' carts, receipts of merges, idempotency keys."""

from cart import queries
from chassis import idempotency
from chassis.database import Database
from chassis.telemetry import log

BATCH = 500


async def sweep(db: Database, *, guest_cart_days: int) -> None:
    """Nothing is older than it may be. Short transactions, so that nobody waits; any number of processes may sweep."""
    carts = merges = keys = 0
    while found := await queries.forget_guest_carts(db, days=guest_cart_days, most=BATCH):
        carts += found
    while found := await queries.forget_merges(db, days=guest_cart_days, most=BATCH):
        merges += found
    while found := await _forget_keys(db):
        keys += found
    log.info("cart.swept", carts=carts, merges=merges, keys=keys)


async def _forget_keys(db: Database) -> int:
    async with db.transaction() as connection:
        return await idempotency.forget_old(connection)
