"""The loops that finish what was left: payments, refunds, news; and the sweep of what is too old to keep."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

from chassis import idempotency
from chassis.jobs import LeaseLoop
from chassis.telemetry import log
from payments.attempts import finishing
from payments.attempts import queries as attempt_queries
from payments.desk import Desk
from payments.news import queries as news_queries
from payments.news.message import Message
from payments.news.sending import send_again
from payments.refunds import queries as refund_queries
from payments.refunds import service as refunds
from payments.webhooks import inbox_queries as inbox

SWEEP_SECONDS = 3600


@asynccontextmanager
async def running(desk: Desk, *, poll_seconds: float) -> AsyncIterator[None]:
    """All loops run within the block."""
    async with AsyncExitStack() as stack:
        for loop in (_payments(desk, poll_seconds), _refunds(desk, poll_seconds), _news(desk, poll_seconds)):
            await stack.enter_async_context(loop)
        sweeping = asyncio.create_task(_sweep_for_ever(desk), name="payments sweep")
        stack.callback(sweeping.cancel)
        yield


def _payments(desk: Desk, poll_seconds: float) -> LeaseLoop[tuple[UUID, UUID, int]]:
    return LeaseLoop(
        "payments",
        claim=lambda count: attempt_queries.claim(desk.db, count, lease=desk.lease_seconds),
        work=lambda lease: finishing.finish(desk, lease),
        poll_seconds=poll_seconds,
    )


def _refunds(desk: Desk, poll_seconds: float) -> LeaseLoop[UUID]:
    return LeaseLoop(
        "refunds",
        claim=lambda count: refund_queries.claim(desk.db, count, lease=desk.lease_seconds),
        work=lambda refund_id: refunds.finish(desk, refund_id),
        concurrency=8,
        poll_seconds=poll_seconds,
    )


def _news(desk: Desk, poll_seconds: float) -> LeaseLoop[tuple[Message, int]]:
    async def _send(due: tuple[Message, int]) -> None:
        message, attempts = due
        await send_again(desk.db, desk.orders, message, attempts=attempts)

    return LeaseLoop(
        "news",
        claim=lambda count: news_queries.claim(desk.db, count),
        work=_send,
        concurrency=8,
        poll_seconds=poll_seconds,
    )


async def sweep(desk: Desk) -> None:
    """Idempotency keys, events and news that are older than their time are gone."""
    async with desk.db.transaction() as connection:
        await idempotency.forget_old(connection)
    await inbox.forget_old(desk.db)
    await news_queries.forget_old(desk.db)


async def _sweep_for_ever(desk: Desk) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        try:
            await sweep(desk)
        except Exception as error:  # noqa: BLE001  # the sweep outlives any outage of its database
            log.warning("sweep.failed", reason=repr(error))
