"""Catalogue, inventory, listings and search, with the SQL functions that keep them true."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"


def _run(name: str) -> None:
    """Runs a file of statements in the migration's transaction (one prepared statement could hold only one)."""
    script = (SQL / name).read_text()
    connection = op.get_bind().connection.dbapi_connection
    if connection is None:
        raise RuntimeError("this migration needs a live connection")
    connection.run_async(lambda driver: driver.execute(script))


def upgrade() -> None:
    for name in ("0001_text.sql", "0001_tables.sql", "0001_search.sql", "0001_stock.sql"):
        _run(name)


def downgrade() -> None:
    raise NotImplementedError("the first migration has nothing below it: drop the database instead")
