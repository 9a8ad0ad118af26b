"""Payables, payments, operations, refunds, the ledger, the inbox of events and the news for orders."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("scope", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_idempotency_keys")),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "news",
        sa.Column("event_id", sa.UUID(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "type IN ('payment.created', 'payment.authorized', 'payment.captured', 'payment.failed', 'payment.voided', 'refund.succeeded', 'refund.failed')",
            name=op.f("ck_news_type"),
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_news")),
    )
    op.create_index(
        "ix_news_done_at", "news", ["done_at"], unique=False, postgresql_where=sa.text("done_at IS NOT NULL")
    )
    op.create_index(
        "ix_news_due", "news", ["next_at"], unique=False, postgresql_where=sa.text("done_at IS NULL")
    )
    op.create_table(
        "payables",
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("due_amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("customer_id", sa.UUID(), nullable=True),
        sa.Column("order_token_hash", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("due_amount > 0", name=op.f("ck_payables_due")),
        sa.CheckConstraint("length(order_token_hash) = 64", name=op.f("ck_payables_token_hash")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_payables")),
        sa.UniqueConstraint(
            "order_id", "due_amount", "currency", name=op.f("uq_payables_order_id_due_amount_currency")
        ),
    )
    op.create_index(
        "ix_payables_customer_id",
        "payables",
        ["customer_id"],
        unique=False,
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_index(
        "ix_payables_order_token_hash",
        "payables",
        ["order_token_hash"],
        unique=False,
        postgresql_where=sa.text("order_token_hash IS NOT NULL"),
    )
    op.create_table(
        "provider_events",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=True),
        sa.Column("object_ref", sa.Text(), nullable=True),
        sa.Column(
            "received_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "event_id", name=op.f("pk_provider_events")),
    )
    op.create_index("ix_provider_events_received_at", "provider_events", ["received_at"], unique=False)
    op.create_index(
        "ix_provider_events_unsettled",
        "provider_events",
        ["payment_id"],
        unique=False,
        postgresql_where=sa.text("NOT settled"),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("authorized_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("captured_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("refund_reserved_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("refunded_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("provider_payment_ref", sa.Text(), nullable=True),
        sa.Column("redirect_url", sa.Text(), nullable=True),
        sa.Column("session_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_seconds", sa.BigInteger(), nullable=True),
        sa.Column("success_url", sa.Text(), nullable=True),
        sa.Column("cancel_url", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("quarantined", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("quarantine_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_token", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("order_id IS NOT NULL OR status = 'voided'", name=op.f("ck_payments_tombstone")),
        sa.CheckConstraint(
            "status IN ('created', 'requires_action', 'processing', 'authorized', 'captured', 'failed', 'voided')",
            name=op.f("ck_payments_status"),
        ),
        sa.CheckConstraint(
            "0 <= refunded_amount AND refunded_amount <= refund_reserved_amount AND refund_reserved_amount <= captured_amount AND captured_amount <= authorized_amount",
            name=op.f("ck_payments_amounts"),
        ),
        sa.CheckConstraint(
            "quarantined = (quarantine_reason IS NOT NULL)", name=op.f("ck_payments_quarantine")
        ),
        sa.ForeignKeyConstraint(
            ["order_id", "due_amount", "currency"],
            ["payables.order_id", "payables.due_amount", "payables.currency"],
            name="fk_payments_payable",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("provider_payment_ref", name=op.f("uq_payments_provider_payment_ref")),
        sa.UniqueConstraint("provider_ref", name=op.f("uq_payments_provider_ref")),
    )
    op.create_index("ix_payments_created_at", "payments", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_payments_due",
        "payments",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index("ix_payments_order_id", "payments", ["order_id"], unique=False)
    op.create_index(
        "ix_payments_quarantined", "payments", ["id"], unique=False, postgresql_where=sa.text("quarantined")
    )
    op.create_index(
        "uq_payments_live",
        "payments",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('failed', 'voided')"),
    )
    op.create_table(
        "payment_operations",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("only_if_unpaid", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('authorize', 'capture', 'void', 'refund')", name=op.f("ck_payment_operations_kind")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'succeeded', 'failed', 'unknown')",
            name=op.f("ck_payment_operations_status"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_payment_operations_amount")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_payment_operations_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_operations")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payment_operations_idempotency_key")),
    )
    op.create_index(
        "ix_payment_operations_open",
        "payment_operations",
        ["payment_id"],
        unique=False,
        postgresql_where=sa.text("status IN ('pending', 'unknown')"),
    )
    op.create_index(
        "ix_payment_operations_payment_id", "payment_operations", ["payment_id", "created_at"], unique=False
    )
    op.create_table(
        "refunds",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("foreign_made", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_token", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('pending', 'succeeded', 'failed')", name=op.f("ck_refunds_status")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id_payments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("provider_ref", name=op.f("uq_refunds_provider_ref")),
    )
    op.create_index(
        "ix_refunds_due",
        "refunds",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index("ix_refunds_payment_id", "refunds", ["payment_id"], unique=False)
    op.create_table(
        "ledger_transactions",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("refund_id", sa.UUID(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('capture', 'refund_reserved', 'refund_succeeded', 'refund_failed', 'refund_reversed')",
            name=op.f("ck_ledger_transactions_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_ledger_transactions_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.id"], name=op.f("fk_ledger_transactions_refund_id_refunds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transactions")),
    )
    op.create_index("ix_ledger_transactions_payment_id", "ledger_transactions", ["payment_id"], unique=False)
    op.create_table(
        "ledger_entries",
        sa.Column("transaction_id", sa.UUID(), nullable=False),
        sa.Column("line", sa.SmallInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.CheckConstraint(
            "account IN ('provider_clearing', 'orders_paid', 'refunds_pending')",
            name=op.f("ck_ledger_entries_account"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_entries_amount")),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["ledger_transactions.id"],
            name=op.f("fk_ledger_entries_transaction_id_ledger_transactions"),
        ),
        sa.PrimaryKeyConstraint("transaction_id", "line", name=op.f("pk_ledger_entries")),
    )
    op.create_index("ix_ledger_entries_account", "ledger_entries", ["account", "currency"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_ledger_entries_account", table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_index("ix_ledger_transactions_payment_id", table_name="ledger_transactions")
    op.drop_table("ledger_transactions")
    op.drop_index("ix_refunds_payment_id", table_name="refunds")
    op.drop_index("ix_refunds_due", table_name="refunds", postgresql_where=sa.text("next_at IS NOT NULL"))
    op.drop_table("refunds")
    op.drop_index("ix_payment_operations_payment_id", table_name="payment_operations")
    op.drop_index(
        "ix_payment_operations_open",
        table_name="payment_operations",
        postgresql_where=sa.text("status IN ('pending', 'unknown')"),
    )
    op.drop_table("payment_operations")
    op.drop_index(
        "uq_payments_live",
        table_name="payments",
        postgresql_where=sa.text("status NOT IN ('failed', 'voided')"),
    )
    op.drop_index("ix_payments_quarantined", table_name="payments", postgresql_where=sa.text("quarantined"))
    op.drop_index("ix_payments_order_id", table_name="payments")
    op.drop_index("ix_payments_due", table_name="payments", postgresql_where=sa.text("next_at IS NOT NULL"))
    op.drop_index("ix_payments_created_at", table_name="payments")
    op.drop_table("payments")
    op.drop_index(
        "ix_provider_events_unsettled", table_name="provider_events", postgresql_where=sa.text("NOT settled")
    )
    op.drop_index("ix_provider_events_received_at", table_name="provider_events")
    op.drop_table("provider_events")
    op.drop_index(
        "ix_payables_order_token_hash",
        table_name="payables",
        postgresql_where=sa.text("order_token_hash IS NOT NULL"),
    )
    op.drop_index(
        "ix_payables_customer_id", table_name="payables", postgresql_where=sa.text("customer_id IS NOT NULL")
    )
    op.drop_table("payables")
    op.drop_index("ix_news_due", table_name="news", postgresql_where=sa.text("done_at IS NULL"))
    op.drop_index("ix_news_done_at", table_name="news", postgresql_where=sa.text("done_at IS NOT NULL"))
    op.drop_table("news")
    op.drop_index("ix_idempotency_keys_created_at", table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
