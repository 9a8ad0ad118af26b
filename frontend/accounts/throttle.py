"""Slows guessing down without locking anybody out: tries are counted per account *and* address of the network.

An attacker elsewhere never uses up the owner's tries. One address alone is counted too, with more room.
"""

import hashlib
from datetime import timedelta

from chassis.database import Database
from frontend.accounts import queries
from frontend.accounts.errors import TooManyTries

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 6
TRIES_PER_ADDRESS = 60


class Throttle:
    """Counts tries to sign in."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def count(self, email: str, address: str) -> None:
        """The try is counted. Raises TooManyTries when there were too many in the last quarter of an hour."""
        for key, most in ((_key(email, address), TRIES_PER_ACCOUNT), (_key("", address), TRIES_PER_ADDRESS)):
            row = await self._db.fetchrow(queries.COUNT_TRY, key, WINDOW)
            if row is not None and row["failures"] > most:
                raise TooManyTries(retry_after=max(1, row["seconds_left"]))

    async def forgive(self, email: str, address: str) -> None:
        """The tries of somebody who knew the password are not held against them."""
        await self._db.execute(queries.FORGIVE, _key(email, address))
        await self._db.execute(queries.UNCOUNT, _key("", address))


def _key(email: str, address: str) -> bytes:
    return hashlib.sha256(f"{address}\0{email.strip().lower()}".encode()).digest()
