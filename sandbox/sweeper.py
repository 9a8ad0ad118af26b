"""What happens by the clock alone: sessions end, authorizations lapse, idempotency keys are forgotten."""

import asyncio

from sandbox.api.idempotency import forget_old
from sandbox.intents.service import release_uncaptured
from sandbox.provider import Provider
from sandbox.sessions.service import expire_due

EVERY_SECONDS = 1.0


def sweep(provider: Provider) -> None:
    """Whatever was over by the clock is over in the store, a hundred of each kind at most."""
    with provider.transaction() as transaction:
        expire_due(transaction)
        release_uncaptured(transaction)
        forget_old(transaction.db, now=transaction.now)


async def sweep_for_ever(provider: Provider) -> None:
    """Sweeps once a second. Never returns."""
    while True:
        sweep(provider)
        await asyncio.sleep(EVERY_SECONDS)
