"""The statements about mails."""

from uuid import UUID

import asyncpg

from chassis.database import Database


async def keep(
    db: Database,
    *,
    order_id: UUID,
    kind: str,
    recipient: str,
    locale: str,
    subject: str,
    text: str,
    html: str,
    to_send: bool,
) -> asyncpg.Record:
    """The one mail of this kind about this order: written now, or as it was written before."""
    state = "sending" if to_send else "kept"
    arguments = (order_id, kind, recipient, locale, subject, text, html, state)
    await db.execute(_KEEP, *arguments)
    row = await db.fetchrow("SELECT * FROM mails WHERE order_id = $1 AND kind = $2", order_id, kind)
    assert row is not None  # noqa: S101  # written by the statement before, and never deleted
    return row


async def sent(db: Database, mail_id: UUID) -> None:
    """The mail server has taken the mail."""
    await db.execute("UPDATE mails SET state = 'sent', sent_at = now() WHERE id = $1", mail_id)


async def page(
    db: Database, *, order_id: UUID | None, before: UUID | None, limit: int
) -> list[asyncpg.Record]:
    """At most `limit` mails, the newest first."""
    return await db.fetch(_PAGE, limit, before, order_id)


_KEEP = """
INSERT INTO mails (order_id, kind, recipient, locale, subject, text, html, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (order_id, kind) DO NOTHING
"""
_PAGE = """
SELECT * FROM mails WHERE ($2::uuid IS NULL OR id < $2) AND ($3::uuid IS NULL OR order_id = $3)
 ORDER BY id DESC LIMIT $1
"""
