"""`python -m payments.worker`: the loops alone, beside services that have `PAYMENTS_WORKERS_INSIDE=false`."""

import asyncio
import signal

from chassis.telemetry import configure_logging
from payments import loops
from payments.main import open_desk
from payments.settings import Settings


async def work(settings: Settings, stop: asyncio.Event) -> None:
    """What was left is finished until `stop`. Any number of workers share it through the database."""
    async with open_desk(settings) as desk, loops.running(desk, poll_seconds=settings.loop_seconds):
        await stop.wait()


async def _until_told() -> None:
    settings = Settings.load()
    settings.refuse_unsafe_production()
    configure_logging(service="payments", level=settings.log_level)
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    await work(settings, stop)


if __name__ == "__main__":
    asyncio.run(_until_told())
