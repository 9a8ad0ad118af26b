"""Sends news to orders: once right after it was written, then by the loop until orders has taken it."""

from collections.abc import Sequence

from chassis.database import Database
from chassis.http import RemoteProblem, RemoteUnavailable
from chassis.jobs import backoff_seconds
from chassis.telemetry import log
from payments.clients.orders import OrdersClient
from payments.news import queries
from payments.news.message import Message


async def send(db: Database, orders: OrdersClient, messages: Sequence[Message]) -> None:
    """Each message was tried once; one that orders did not take is left to its lease."""
    for message in messages:
        await send_again(db, orders, message, attempts=0)


async def send_again(db: Database, orders: OrdersClient, message: Message, *, attempts: int) -> None:
    """Orders has the message, or it is due again after a pause; `attempts` were made before this one."""
    try:
        await orders.tell(message)
    except RemoteUnavailable as lost:
        await queries.put_off(db, message.event_id, seconds=backoff_seconds(attempts + 1))
        log.info("news.not_taken", event_id=message.event_id, reason=lost.reason, attempts=attempts + 1)
    except RemoteProblem as refused:
        await queries.put_off(db, message.event_id, seconds=60)
        log.error(
            "news.refused",
            event_id=message.event_id,
            type=message.type,
            code=refused.code,
            status=refused.status,
        )
    else:
        await queries.mark_done(db, message.event_id)
