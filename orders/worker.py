"""`python -m orders.worker`: due orders and mail alone, beside services that have `ORDERS_WORKERS_INSIDE=false`."""

import asyncio
import signal

from chassis.telemetry import configure_logging
from orders.settings import Settings
from orders.shop import open_shop
from orders.workers import working


async def work(settings: Settings, stop: asyncio.Event) -> None:
    """What is due is done until `stop`. Any number of workers share it through the database."""
    async with open_shop(settings) as shop, working(shop):
        await stop.wait()


async def _until_told() -> None:
    settings = Settings.load()
    settings.refuse_unsafe_production()
    configure_logging(service="orders", level=settings.log_level)
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    await work(settings, stop)


if __name__ == "__main__":
    asyncio.run(_until_told())
