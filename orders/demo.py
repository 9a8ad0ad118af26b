"""`python -m orders.demo`: the coupons that the demonstration shop gives out. Repeating changes nothing."""

import asyncio
import sys

from chassis.database import Database
from orders.pricing.queries import add_coupon
from orders.pricing.rules import Discount
from orders.settings import Settings


async def load(db: Database, *, currency: str) -> list[str]:
    """The demo's coupons are there; those that were not before."""
    added = []
    if await add_coupon(
        db,
        code="WELCOME10",
        discount=Discount("percent", 10),
        per_customer_limit=1,
        description="10 % off, once for each customer",
    ):
        added.append("WELCOME10")
    if await add_coupon(
        db,
        code="SHIP5",
        discount=Discount("amount", 500, minimum=3000),
        currency=currency,
        total_limit=1000,
        description="5 off from 30 on, for the first thousand",
    ):
        added.append("SHIP5")
    return added


async def _main() -> None:
    settings = Settings.load()
    db = await Database.open(settings.database_dsn, pool_size=1, application_name="orders demo")
    try:
        added = await load(db, currency=settings.currency)
    finally:
        await db.close()
    sys.stdout.write(f"orders: {', '.join(added) or 'nothing new'}\n")


if __name__ == "__main__":
    asyncio.run(_main())
