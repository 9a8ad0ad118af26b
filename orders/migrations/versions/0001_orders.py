"""Orders, their terms, their mail, and the queue."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import queue

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "coupons",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("percent", sa.SmallInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=True),
        sa.Column("minimum_subtotal_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("total_limit", sa.BigInteger(), nullable=True),
        sa.Column("per_customer_limit", sa.SmallInteger(), nullable=True),
        sa.Column("used", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'percent' AND percent BETWEEN 1 AND 100 AND amount = 0 AND currency IS NULL) OR (kind = 'amount' AND percent IS NULL AND amount > 0 AND currency IS NOT NULL)",
            name=op.f("ck_coupons_kind"),
        ),
        sa.CheckConstraint("code = upper(code)", name=op.f("ck_coupons_code")),
        sa.CheckConstraint(
            "minimum_subtotal_amount >= 0 AND per_customer_limit > 0", name=op.f("ck_coupons_limits")
        ),
        sa.CheckConstraint(
            "used >= 0 AND (total_limit IS NULL OR used <= total_limit)", name=op.f("ck_coupons_used")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupons")),
        sa.UniqueConstraint("code", name=op.f("uq_coupons_code")),
    )
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
        "inbox",
        sa.Column("event_id", sa.UUID(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_inbox")),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("payment_status", sa.Text(), nullable=False),
        sa.Column("fulfillment_status", sa.Text(), server_default="unfulfilled", nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("failure", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("live", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("cart_id", sa.UUID(), nullable=False),
        sa.Column("cart_version", sa.BigInteger(), nullable=False),
        sa.Column("terms_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("open_slot", sa.SmallInteger(), nullable=False),
        sa.Column("customer_id", sa.UUID(), nullable=True),
        sa.Column("token_hash", postgresql.BYTEA(), nullable=True),
        sa.Column("token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("shipping_address", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("billing_address", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("shipping_method", sa.Text(), nullable=False),
        sa.Column("shipping_method_name", sa.Text(), nullable=False),
        sa.Column("coupon_code", sa.Text(), nullable=True),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("subtotal_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("discount_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("shipping_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("shipping_tax_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("tax_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("total_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("payment_method", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=True),
        sa.Column("payment_state", sa.Text(), nullable=True),
        sa.Column("payment_url", sa.Text(), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("deaths", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_token", sa.UUID(), nullable=True),
        sa.Column("stuck", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("news", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("NOT live OR status IN ('pending', 'canceling')", name=op.f("ck_orders_live")),
        sa.CheckConstraint(
            "cancel_reason IN ('customer', 'staff', 'deadline', 'stock_unavailable', 'payment_declined')",
            name=op.f("ck_orders_cancel_reason"),
        ),
        sa.CheckConstraint(
            "fulfillment_status IN ('unfulfilled', 'partially_fulfilled', 'fulfilled', 'delivered')",
            name=op.f("ck_orders_fulfillment_status"),
        ),
        sa.CheckConstraint(
            "payment_status IN ('unpaid', 'authorized', 'paid', 'partially_refunded', 'refunded', 'voided')",
            name=op.f("ck_orders_payment_status"),
        ),
        sa.CheckConstraint("status <> 'pending' OR live", name=op.f("ck_orders_pending_is_live")),
        sa.CheckConstraint(
            "status IN ('pending', 'confirmed', 'completed', 'canceling', 'failed', 'expired', 'canceled')",
            name=op.f("ck_orders_status"),
        ),
        sa.CheckConstraint(
            "step IN ('placed', 'held', 'awaiting_payment', 'authorized', 'allocated', 'captured', 'closed')",
            name=op.f("ck_orders_step"),
        ),
        sa.CheckConstraint("(customer_id IS NULL) = (token_hash IS NOT NULL)", name=op.f("ck_orders_owner")),
        sa.CheckConstraint("lease_token IS NULL OR next_at IS NOT NULL", name=op.f("ck_orders_lease")),
        sa.CheckConstraint(
            "total_amount = subtotal_amount - discount_amount + shipping_amount AND subtotal_amount >= 0 AND discount_amount >= 0 AND shipping_amount >= 0 AND tax_amount BETWEEN 0 AND total_amount AND total_amount >= 0",
            name=op.f("ck_orders_total"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    op.create_index(
        "ix_orders_customer_id",
        "orders",
        ["customer_id", "id"],
        unique=False,
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_index(
        "ix_orders_due", "orders", ["next_at"], unique=False, postgresql_where=sa.text("next_at IS NOT NULL")
    )
    op.create_index("ix_orders_email", "orders", [sa.literal_column("lower(email)"), "id"], unique=False)
    op.create_index("ix_orders_payment_status", "orders", ["payment_status", "id"], unique=False)
    op.create_index("ix_orders_status", "orders", ["status", "id"], unique=False)
    op.create_index("ix_orders_stuck", "orders", ["id"], unique=False, postgresql_where=sa.text("stuck"))
    op.create_index(
        "uq_orders_cart_version",
        "orders",
        ["cart_id", "cart_version"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('failed', 'expired', 'canceled')"),
    )
    op.create_index(
        "uq_orders_live_cart", "orders", ["cart_id"], unique=True, postgresql_where=sa.text("live")
    )
    op.create_index(
        "uq_orders_open_slot",
        "orders",
        ["principal", "open_slot"],
        unique=True,
        postgresql_where=sa.text("live"),
    )
    op.create_table(
        "shipping_methods",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_shipping_methods")),
    )
    op.create_table(
        "shipping_zones",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("rest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_shipping_zones")),
    )
    op.create_index(
        "uq_shipping_zones_rest", "shipping_zones", ["rest"], unique=True, postgresql_where=sa.text("rest")
    )
    op.create_table(
        "tax_rates",
        sa.Column("country", sa.CHAR(length=2), nullable=False),
        sa.Column("tax_class", sa.Text(), nullable=False),
        sa.Column("basis_points", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("tax_class IN ('standard', 'reduced')", name=op.f("ck_tax_rates_tax_class")),
        sa.CheckConstraint("basis_points BETWEEN 0 AND 10000", name=op.f("ck_tax_rates_basis_points")),
        sa.PrimaryKeyConstraint("country", "tax_class", name=op.f("pk_tax_rates")),
    )
    op.create_table(
        "coupon_redemptions",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("coupon_id", sa.UUID(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("redeemer", sa.Text(), nullable=False),
        sa.Column("use", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state IN ('active', 'returned')", name=op.f("ck_coupon_redemptions_state")),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["coupons.id"], name=op.f("fk_coupon_redemptions_coupon_id_coupons")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_coupon_redemptions_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_redemptions")),
        sa.UniqueConstraint("order_id", name=op.f("uq_coupon_redemptions_order_id")),
    )
    op.create_index(
        "uq_coupon_redemptions_use",
        "coupon_redemptions",
        ["coupon_id", "redeemer", "use"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_table(
        "mails",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_mails_sent_at")),
        sa.CheckConstraint("state IN ('kept', 'sending', 'sent')", name=op.f("ck_mails_state")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_mails_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("order_id", "kind", name=op.f("uq_mails_order_id_kind")),
    )
    op.create_index("ix_mails_created_at", "mails", ["created_at", "id"], unique=False)
    op.create_table(
        "order_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_events_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_events")),
    )
    op.create_index("ix_order_events_order_id", "order_events", ["order_id", "id"], unique=False)
    op.create_table(
        "order_lines",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("variant_id", sa.UUID(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("image", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("quantity", sa.SmallInteger(), nullable=False),
        sa.Column("unit_price_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("discount_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("tax_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("tax_basis_points", sa.SmallInteger(), nullable=False),
        sa.Column("total_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 999", name=op.f("ck_order_lines_quantity")),
        sa.CheckConstraint(
            "total_amount = unit_price_amount * quantity - discount_amount AND unit_price_amount >= 0 AND discount_amount >= 0 AND total_amount >= 0 AND tax_amount BETWEEN 0 AND total_amount",
            name=op.f("ck_order_lines_total"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_order_lines_order_id_position")),
    )
    op.create_table(
        "order_refunds",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="requested", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('requested', 'pending', 'succeeded', 'failed')", name=op.f("ck_order_refunds_status")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_order_refunds_amount")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_refunds_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_refunds")),
    )
    op.create_index("ix_order_refunds_order_id", "order_refunds", ["order_id"], unique=False)
    op.create_table(
        "shipping_rates",
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("price_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("free_above_amount", sa.BigInteger(), nullable=True),
        sa.Column("estimate", sa.Text(), nullable=False),
        sa.Column("estimate_ru", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "price_amount >= 0 AND free_above_amount >= 0", name=op.f("ck_shipping_rates_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["method"], ["shipping_methods.code"], name=op.f("fk_shipping_rates_method_shipping_methods")
        ),
        sa.ForeignKeyConstraint(
            ["zone"], ["shipping_zones.code"], name=op.f("fk_shipping_rates_zone_shipping_zones")
        ),
        sa.PrimaryKeyConstraint("method", "zone", "currency", name=op.f("pk_shipping_rates")),
    )
    op.create_table(
        "shipping_zone_countries",
        sa.Column("country", sa.CHAR(length=2), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["zone"], ["shipping_zones.code"], name=op.f("fk_shipping_zone_countries_zone_shipping_zones")
        ),
        sa.PrimaryKeyConstraint("country", name=op.f("pk_shipping_zone_countries")),
    )
    queue.install(op.get_bind())


def downgrade() -> None:
    queue.uninstall(op.get_bind())
    op.drop_table("shipping_zone_countries")
    op.drop_table("shipping_rates")
    op.drop_index("ix_order_refunds_order_id", table_name="order_refunds")
    op.drop_table("order_refunds")
    op.drop_table("order_lines")
    op.drop_index("ix_order_events_order_id", table_name="order_events")
    op.drop_table("order_events")
    op.drop_index("ix_mails_created_at", table_name="mails")
    op.drop_table("mails")
    op.drop_index(
        "uq_coupon_redemptions_use",
        table_name="coupon_redemptions",
        postgresql_where=sa.text("state = 'active'"),
    )
    op.drop_table("coupon_redemptions")
    op.drop_table("tax_rates")
    op.drop_index("uq_shipping_zones_rest", table_name="shipping_zones", postgresql_where=sa.text("rest"))
    op.drop_table("shipping_zones")
    op.drop_table("shipping_methods")
    op.drop_index("uq_orders_open_slot", table_name="orders", postgresql_where=sa.text("live"))
    op.drop_index("uq_orders_live_cart", table_name="orders", postgresql_where=sa.text("live"))
    op.drop_index(
        "uq_orders_cart_version",
        table_name="orders",
        postgresql_where=sa.text("status NOT IN ('failed', 'expired', 'canceled')"),
    )
    op.drop_index("ix_orders_stuck", table_name="orders", postgresql_where=sa.text("stuck"))
    op.drop_index("ix_orders_status", table_name="orders")
    op.drop_index("ix_orders_payment_status", table_name="orders")
    op.drop_index("ix_orders_email", table_name="orders")
    op.drop_index("ix_orders_due", table_name="orders", postgresql_where=sa.text("next_at IS NOT NULL"))
    op.drop_index(
        "ix_orders_customer_id", table_name="orders", postgresql_where=sa.text("customer_id IS NOT NULL")
    )
    op.drop_table("orders")
    op.drop_table("inbox")
    op.drop_index("ix_idempotency_keys_created_at", table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_table("coupons")
