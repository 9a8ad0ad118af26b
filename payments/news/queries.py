"""Statements about news."""

from uuid import UUID

from chassis.database import Database
from payments.news.message import LEASE_SECONDS, Message

KEPT_DAYS = 90


async def claim(db: Database, count: int) -> list[tuple[Message, int]]:
    """At most `count` messages nobody has sent yet are ours for a while, each with its number of attempts."""
    rows = await db.fetch(_CLAIM, count, LEASE_SECONDS)
    return [
        (Message(row["event_id"], row["type"], row["order_id"], row["payment_id"]), row["attempts"])
        for row in rows
    ]


async def mark_done(db: Database, event_id: UUID) -> None:
    """The message is never sent again. Not waited for the disk: a mark that is lost only means to send once more."""
    await db.execute(_DONE, event_id)


async def put_off(db: Database, event_id: UUID, *, seconds: float) -> None:
    """The message is sent again in `seconds`."""
    await db.execute(_PUT_OFF, event_id, seconds)


async def forget_old(db: Database) -> None:
    """Messages taken more than 90 days ago are gone."""
    await db.execute(_FORGET, KEPT_DAYS)


_CLAIM = """
UPDATE news SET next_at = now() + make_interval(secs => $2), attempts = attempts + 1
 WHERE event_id = ANY (ARRAY(SELECT event_id FROM news WHERE done_at IS NULL AND next_at <= now()
                              ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED))
RETURNING event_id, type, order_id, payment_id, attempts
"""
_DONE = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS setting)
UPDATE news SET done_at = now() FROM quick WHERE event_id = $1 AND done_at IS NULL AND quick.setting = 'off'
"""
_PUT_OFF = (
    "UPDATE news SET next_at = now() + make_interval(secs => $2) WHERE event_id = $1 AND done_at IS NULL"
)
_FORGET = "DELETE FROM news WHERE done_at < now() - make_interval(days => $1)"
