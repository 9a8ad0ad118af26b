"""Statements that read the ledger; it is written by the statements that move the money."""

from uuid import UUID

import asyncpg

from chassis.database import Database


async def entries_of(db: Database, payment_id: UUID) -> list[asyncpg.Record]:
    """All entries about a payment, oldest first: transaction id, kind, refund_id, created_at, account, amount, currency."""
    return await db.fetch(_ENTRIES, payment_id)


_ENTRIES = """
SELECT t.id, t.kind, t.refund_id, t.created_at, e.account, e.amount, e.currency
  FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
 WHERE t.payment_id = $1
 ORDER BY t.created_at, t.id, e.line
"""
