"""A ledger transaction balances, has two entries or more, and neither it nor its entries ever change."""

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BALANCES = """
CREATE FUNCTION ledger_transaction_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed uuid := CASE TG_TABLE_NAME WHEN 'ledger_entries' THEN to_jsonb(NEW) ->> 'transaction_id' ELSE to_jsonb(NEW) ->> 'id' END;
BEGIN
  IF (SELECT count(*) < 2 FROM ledger_entries WHERE transaction_id = changed)
     OR EXISTS (SELECT FROM ledger_entries WHERE transaction_id = changed GROUP BY currency HAVING sum(amount) <> 0) THEN
    RAISE EXCEPTION 'ledger transaction % does not balance', changed USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
"""
NEVER_CHANGES = """
CREATE FUNCTION ledger_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is only ever added to' USING ERRCODE = 'restrict_violation';
END $$
"""
TABLES = ("ledger_transactions", "ledger_entries")


def upgrade() -> None:
    op.execute(BALANCES)
    op.execute(NEVER_CHANGES)
    for table in TABLES:
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_balance AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION ledger_transaction_balances()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_never_changes()"
        )


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP TRIGGER {table}_balance ON {table}")
    op.execute("DROP FUNCTION ledger_never_changes()")
    op.execute("DROP FUNCTION ledger_transaction_balances()")
