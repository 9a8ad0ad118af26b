"""`Idempotency-Key` on public POSTs: the same key and body get the recorded answer.

The record is written in the transaction of the effect itself, so there is never the one without the
other. Needs the table `idempotency_keys` (`table(metadata)` in a service's models). Kept 72 hours.
The scope is principal + method + path; callers without any identity have no scope, their key is ignored.
(After draft-ietf-httpapi-idempotency-key-header-07.)
"""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import asyncpg
from fastapi import Header, Request, Response

from chassis.database import Connection, Database
from chassis.errors import Conflict, Invalid

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table

KEPT_HOURS = 72

KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Repeat a request safely: the same key and body get the same answer for 72 hours.",
        examples=["8e03978e-40d5-43dd-bc93-6894a57f9324"],
    ),
]


class KeyReused(Invalid):
    code = "idempotency_key_reused"
    title = "This Idempotency-Key was used with another body"


class KeyInFlight(Conflict):
    code = "idempotency_key_in_flight"
    title = "The first request with this Idempotency-Key is still being answered"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request that may be repeated: `scope` names principal, method, path and key; `fingerprint` its body."""

    scope: bytes
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answer that the first request with the key got."""

    status: int
    body: bytes
    headers: dict[str, str]

    def response(self) -> Response:
        """The recorded answer again, marked `Idempotent-Replayed: true`."""
        headers = {**self.headers, "Idempotent-Replayed": "true"}
        return Response(self.body, self.status, headers=headers, media_type="application/json")


async def keyed(request: Request, key: str | None, principal: str) -> Keyed | None:
    """The request as one that may be repeated; None without a key or without a principal."""
    if key is None or not principal:
        return None
    where = "\0".join((principal, request.method, request.url.path, key))
    return Keyed(hashlib.sha256(where.encode()).digest(), hashlib.sha256(await request.body()).digest())


async def recorded(db: Database, request: Keyed | None) -> Recorded | None:
    """The recorded answer, if there is one. For handlers that must ask other services before they may `claim`:
    a repetition is then answered even when those would refuse by now. Raises KeyReused.
    """
    if request is None:
        return None
    return _same(request, await db.fetchrow(_RECORDED, request.scope, KEPT_HOURS))


async def claim(connection: Connection, request: Keyed | None) -> Recorded | None:
    """The recorded answer, or None when the key is ours to use: then `record` before the transaction ends.

    Waits a moment for a first request under way. Raises KeyReused or KeyInFlight.
    """
    if request is None:
        return None
    await connection.execute("SET LOCAL lock_timeout = '300ms'")
    try:
        claimed = await connection.fetchval(_CLAIM, request.scope, request.fingerprint, KEPT_HOURS)
    except asyncpg.LockNotAvailableError as error:
        raise KeyInFlight from error
    await connection.execute("SET LOCAL lock_timeout = '5s'")
    if claimed:
        return None
    if (answer := _same(request, await connection.fetchrow(_RECORDED, request.scope, KEPT_HOURS))) is None:
        raise KeyInFlight
    return answer


def _same(request: Keyed, row: asyncpg.Record | None) -> Recorded | None:
    if row is None or row["status"] is None:
        return None
    if row["fingerprint"] != request.fingerprint:
        raise KeyReused
    return Recorded(row["status"], row["body"], row["headers"])


async def record(
    connection: Connection,
    request: Keyed | None,
    *,
    status: int,
    body: bytes,
    headers: dict[str, str] | None = None,
) -> None:
    """The answer is kept with the key, if the request had one. `body` and `headers` must hold no secret."""
    if request is not None:
        await connection.execute(_RECORD, request.scope, status, body, headers or {})


def table(metadata: "MetaData") -> "Table":
    """The table this module needs, in a service's own metadata."""
    from sqlalchemy import Column, DateTime, Index, LargeBinary, SmallInteger, Table, func
    from sqlalchemy.dialects.postgresql import JSONB

    return Table(
        "idempotency_keys",
        metadata,
        Column("scope", LargeBinary, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("status", SmallInteger),
        Column("body", LargeBinary),
        Column("headers", JSONB),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("ix_idempotency_keys_created_at", "created_at"),
    )


async def forget_old(connection: Connection) -> int:
    """Keys older than 72 hours are gone; how many. A sweep by the clock calls it."""
    rows = await connection.fetch(_FORGET, KEPT_HOURS)
    return len(rows)


_CLAIM = """
INSERT INTO idempotency_keys (scope, fingerprint) VALUES ($1, $2)
ON CONFLICT (scope) DO UPDATE
   SET fingerprint = excluded.fingerprint, status = NULL, body = NULL, headers = NULL, created_at = now()
 WHERE idempotency_keys.created_at < now() - make_interval(hours => $3)
RETURNING true
"""
_RECORDED = """
SELECT fingerprint, status, body, headers FROM idempotency_keys
 WHERE scope = $1 AND created_at >= now() - make_interval(hours => $2)
"""
_RECORD = "UPDATE idempotency_keys SET status = $2, body = $3, headers = $4 WHERE scope = $1"
_FORGET = """
DELETE FROM idempotency_keys WHERE scope IN (
  SELECT scope FROM idempotency_keys WHERE created_at < now() - make_interval(hours => $1) LIMIT 1000
) RETURNING scope
"""
