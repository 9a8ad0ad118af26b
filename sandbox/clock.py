"""The provider's clock: the machine's, shifted by an offset that survives a restart."""

import sqlite3
import time


class Clock:
    """Seconds since 1970 as the provider sees them."""

    def __init__(self, offset_seconds: int = 0) -> None:
        self.offset_seconds = offset_seconds

    def now(self) -> int:
        """Whole seconds, as every time on Stripe's wire."""
        return int(self.precise())

    def precise(self) -> float:
        """The same moment with its fraction."""
        return time.time() + self.offset_seconds


def stored_offset(db: sqlite3.Connection, *, default: int) -> int:
    """The offset that was last set, or `default` in a new store."""
    row = db.execute("SELECT value FROM setting WHERE name = 'clock_offset_seconds'").fetchone()
    return default if row is None else int(row[0])


def store_offset(db: sqlite3.Connection, offset_seconds: int) -> None:
    """The offset is what the next start begins with."""
    db.execute(
        "INSERT INTO setting (name, value) VALUES ('clock_offset_seconds', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (offset_seconds,),
    )
