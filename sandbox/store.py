"""The SQLite file: one process, one thread, no `await` inside a transaction, so writers never meet."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = Path(__file__).with_name("schema.sql")
SCHEMA_VERSION = 1


class StoreOfAnotherVersion(RuntimeError):
    """The file was written by a sandbox with other tables; it holds test data only and may be deleted."""


class Store:
    """Two connections to one file: what is written through `durable` survives a power cut before the block
    is left, what is written through `forgetful` survives the process only (never lose-able facts)."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.durable = _connect(file, synchronous="FULL")
        self.forgetful = _connect(file, synchronous="NORMAL")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of the block's writes are on disk afterwards; none of them when it raises."""
        with self.durable as db:
            yield db

    def close(self) -> None:
        self.durable.close()
        self.forgetful.close()


def _connect(file: Path, *, synchronous: str) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=5, cached_statements=512, check_same_thread=False)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(f"PRAGMA synchronous = {synchronous}")
    db.execute("PRAGMA foreign_keys = ON")
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version == 0:
        db.executescript(f"BEGIN; {SCHEMA.read_text()} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
    elif version != SCHEMA_VERSION:
        db.close()
        raise StoreOfAnotherVersion(f"{file} has version {version}, this sandbox writes {SCHEMA_VERSION}")
    return db
