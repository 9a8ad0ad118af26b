"""Idempotency keys as Stripe keeps them: the first answer of a key is its answer for a day."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sandbox.api.errors import KeyInUse, OtherParameters

KEPT_SECONDS = 24 * 3600
LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Answer:
    """What was sent for a key: HTTP status, body, and the id of the request that it answered first."""

    status: int
    body: bytes
    request_id: str


class KeysInFlight:
    """The keys of calls that have begun and are not answered yet. Held in memory: a dead process holds none."""

    def __init__(self) -> None:
        self._keys: set[str] = set()

    @contextmanager
    def hold(self, key: str | None) -> Iterator[None]:
        """Nobody else holds the key within the block. Raises KeyInUse when somebody does."""
        if key is None:
            yield
            return
        if key in self._keys:
            raise KeyInUse(key)
        self._keys.add(key)
        try:
            yield
        finally:
            self._keys.discard(key)


def fingerprint(*, method: str, path: str, body: bytes) -> str:
    """Equal for calls that ask for the same, whatever the order of their parameters."""
    parameters = b"&".join(sorted(body.split(b"&")))
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), parameters))).hexdigest()


def recorded(db: sqlite3.Connection, key: str, *, asked: str, now: int) -> Answer | None:
    """The answer this key has had within a day. Raises OtherParameters when it was for another call."""
    row = db.execute(
        "SELECT fingerprint, status, body, request_id FROM idempotency_key WHERE key = ? AND created > ?",
        (key, now - KEPT_SECONDS),
    ).fetchone()
    if row is None:
        return None
    if row[0] != asked:
        raise OtherParameters(
            "Keys for idempotent requests can only be used with the same parameters and address they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request."
        )
    return Answer(row[1], row[2], row[3])


def record(db: sqlite3.Connection, key: str, answer: Answer, *, asked: str, now: int) -> None:
    """This is the key's answer from now on."""
    db.execute(
        "INSERT OR REPLACE INTO idempotency_key (key, fingerprint, status, body, request_id, created)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (key, asked, answer.status, answer.body, answer.request_id, now),
    )


def forget_old(db: sqlite3.Connection, *, now: int) -> None:
    """Keys older than a day may be used anew."""
    db.execute("DELETE FROM idempotency_key WHERE created <= ?", (now - KEPT_SECONDS,))
