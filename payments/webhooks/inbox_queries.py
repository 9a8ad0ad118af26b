"""The inbox of provider events: each is kept once, by the provider's own id."""

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Database
from payments.providers.protocol import ProviderEvent

KEPT_DAYS = 90
"""Longer than any provider repeats an event."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That an event arrived: enough to know it again, nothing of its content."""

    provider: str
    event_id: str
    type: str
    object_ref: str | None

    @classmethod
    def of(cls, provider: str, event: ProviderEvent) -> "Receipt":
        return cls(provider, event.id, event.type, event.refs.payment or event.refs.page)


async def is_settled(db: Database, receipt: Receipt) -> bool:
    """Whether this very event was dealt with before."""
    return bool(await db.fetchval(_SETTLED, receipt.provider, receipt.event_id))


async def keep_settled(db: Database, receipt: Receipt, payment_id: UUID | None) -> None:
    """The event is kept and needs nothing more: it told nothing new, or of no payment of ours.

    Not waited for the disk: an event that is lost here comes again and tells nothing new again.
    """
    await db.execute(_KEEP, receipt.provider, receipt.event_id, receipt.type, payment_id, receipt.object_ref)


async def keep_unsettled(db: Database, receipt: Receipt, payment_id: UUID) -> None:
    """The event is kept, and in the same commit the loop is due to ask about its payment."""
    await db.execute(
        _KEEP_UNSETTLED, receipt.provider, receipt.event_id, receipt.type, payment_id, receipt.object_ref
    )


async def settle(db: Database, payment_id: UUID) -> None:
    """Events that waited for the provider's answer about this payment wait no more."""
    await db.execute(_SETTLE, payment_id)


async def forget_old(db: Database) -> None:
    """Events received more than 90 days ago are gone."""
    await db.execute(_FORGET, KEPT_DAYS)


_SETTLED = "SELECT settled FROM provider_events WHERE provider = $1 AND event_id = $2"
_KEEP = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS setting)
INSERT INTO provider_events (provider, event_id, type, payment_id, object_ref, settled)
SELECT $1, $2, $3, $4, $5, true FROM quick WHERE quick.setting = 'off'
ON CONFLICT (provider, event_id) DO UPDATE SET settled = true
"""
_KEEP_UNSETTLED = """
WITH due AS (UPDATE payments SET next_at = now() WHERE id = $4)
INSERT INTO provider_events (provider, event_id, type, payment_id, object_ref, settled)
VALUES ($1, $2, $3, $4, $5, false)
ON CONFLICT (provider, event_id) DO NOTHING
"""
_SETTLE = "UPDATE provider_events SET settled = true WHERE payment_id = $1 AND NOT settled"
_FORGET = "DELETE FROM provider_events WHERE received_at < now() - make_interval(days => $1)"
