"""`python -m products.demo`: an empty catalogue holds the demo goods; any other stays as it is."""

import asyncio
import sys

from chassis.database import Database
from products.demo.contents import read_contents
from products.demo.load import load
from products.settings import Settings


async def _run() -> int:
    settings = Settings.load()
    db = await Database.open(settings.database_dsn, pool_size=1, application_name="products demo")
    try:
        return await load(db, read_contents(), currency=settings.currency)
    finally:
        await db.close()


if __name__ == "__main__":
    sys.stdout.write(f"new products: {asyncio.run(_run())}\n")
