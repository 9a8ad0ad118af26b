"""Carts, their lines, what other services did with them, and idempotency keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_carts"
down_revision = None

NOW = sa.text("now()")
NEW_ID = sa.text("uuidv7()")


def upgrade() -> None:
    op.create_table(
        "carts",
        sa.Column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_carts"),
        sa.UniqueConstraint("customer_id", name="uq_carts_customer_id"),
        sa.UniqueConstraint("secret_hash", name="uq_carts_secret_hash"),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["carts.id"], ondelete="CASCADE", name="fk_carts_merged_into_carts"
        ),
        sa.CheckConstraint("(customer_id IS NULL) <> (secret_hash IS NULL)", name="ck_carts_one_owner"),
        sa.CheckConstraint("octet_length(secret_hash) = 32", name="ck_carts_secret_hash_is_sha256"),
        sa.CheckConstraint("merged_into IS NULL OR customer_id IS NULL", name="ck_carts_only_guests_merge"),
        sa.CheckConstraint("version >= 1", name="ck_carts_version_counts_from_one"),
        sa.CheckConstraint("char_length(note) <= 500", name="ck_carts_note_is_short"),
    )
    op.create_index(
        "ix_carts_merged_into", "carts", ["merged_into"], postgresql_where=sa.text("merged_into IS NOT NULL")
    )
    op.create_index(
        "ix_carts_created_at_guests", "carts", ["created_at"], postgresql_where=sa.text("customer_id IS NULL")
    )
    op.create_table(
        "cart_lines",
        sa.Column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cart_lines"),
        sa.UniqueConstraint("cart_id", "variant_id", name="uq_cart_lines_cart_id_variant_id"),
        sa.ForeignKeyConstraint(
            ["cart_id"], ["carts.id"], ondelete="CASCADE", name="fk_cart_lines_cart_id_carts"
        ),
        sa.CheckConstraint("quantity BETWEEN 1 AND 999", name="ck_cart_lines_quantity_in_range"),
    )
    op.create_table(
        "merges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_merges"),
    )
    op.create_index("ix_merges_created_at", "merges", ["created_at"])
    op.create_table(
        "ordered",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("order_id", name="pk_ordered"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("scope", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("headers", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])


def downgrade() -> None:
    for table in ("idempotency_keys", "ordered", "merges", "cart_lines", "carts"):
        op.drop_table(table)
