"""Makes a used test database like new: its rows are those of the template again, if its shape still is the template's."""

from functools import cache
from io import BytesIO

import asyncpg

TABLES = "SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'"
SHAPE = """
SELECT md5(string_agg(entry, ',' ORDER BY entry)) FROM (
  SELECT 'f' || p.proname || md5(p.prosrc) || p.proargtypes::text FROM pg_proc p
   WHERE p.pronamespace = 'public'::regnamespace AND p.probin IS NULL
  UNION ALL SELECT 'c' || conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT 't' || tgname || tgenabled::text || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'i' || indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT 'a' || a.attrelid::regclass::text || a.attname || a.atttypid::regtype::text || a.attnotnull::text
    FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid
   WHERE r.relnamespace = 'public'::regnamespace AND r.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
) AS shape(entry)
"""
"""Functions, constraints, triggers, indexes and columns as one text: what a test that plants a mutant changes."""

OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class _Original:
    """What a template holds: its shape, and the rows that its migrations put there, in PostgreSQL's COPY format."""

    def __init__(self) -> None:
        self.shape = ""
        self.rows: dict[str, bytes] = {}


@cache
def _original(template: str) -> _Original:
    """Filled at the first use; one for each template and process."""
    return _Original()


async def clean(dsn: str, template: str) -> bool:
    """Whether the database is like the template again; False when its shape was changed, then drop it.

    Other connections to it are closed. Sequences go on counting.
    """
    original = _original(template)
    if not original.shape:
        await _read(original, template)
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(OTHERS)
        if await connection.fetchval(SHAPE) != original.shape:
            return False
        await connection.execute("SET session_replication_role = replica")
        tables = [row[0] for row in await connection.fetch(TABLES)]
        await connection.execute(";".join(f"DELETE FROM {table}" for table in tables))  # noqa: S608  # quoted by format
        for table, rows in original.rows.items():
            await connection.copy_to_table(table, source=BytesIO(rows), format="binary")
    finally:
        await connection.close()
    return True


async def _read(original: _Original, template: str) -> None:
    connection = await asyncpg.connect(template)
    try:
        for row in await connection.fetch(TABLES):
            if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {row[0]})"):  # noqa: S608  # quoted by format('%I')
                rows = BytesIO()
                await connection.copy_from_table(row[0], output=rows, format="binary")
                original.rows[row[0]] = rows.getvalue()
        original.shape = await connection.fetchval(SHAPE)
    finally:
        await connection.close()
