"""Tables of payables, payments and their operations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from chassis.orm import CreatedAt, Id, UpdatedAt
from payments.tables import Amount, Attempts, Base, Currency, OptionalId, OptionalText


class Payable(Base):
    """What an order is owed. Its terms never change; `closed_at` says that no new attempt may begin."""

    __tablename__ = "payables"
    __table_args__ = (
        UniqueConstraint("order_id", "due_amount", "currency"),
        CheckConstraint("due_amount > 0", name="due"),
        CheckConstraint("length(order_token_hash) = 64", name="token_hash"),
        Index(
            "ix_payables_order_token_hash",
            "order_token_hash",
            postgresql_where=text("order_token_hash IS NOT NULL"),
        ),
        Index("ix_payables_customer_id", "customer_id", postgresql_where=text("customer_id IS NOT NULL")),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_number: Mapped[str]
    due_amount: Mapped[int]
    currency: Mapped[Currency]
    customer_id: Mapped[OptionalId]
    order_token_hash: Mapped[OptionalText]
    email: Mapped[str]
    created_at: Mapped[CreatedAt]
    closed_at: Mapped[datetime | None]


class Payment(Base):
    """One attempt to pay a payable. Without an order it is a tombstone: voided before it was asked for."""

    __tablename__ = "payments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["order_id", "due_amount", "currency"],
            ["payables.order_id", "payables.due_amount", "payables.currency"],
            name="fk_payments_payable",
        ),
        CheckConstraint(
            "status IN ('created', 'requires_action', 'processing', 'authorized', 'captured', 'failed', 'voided')",
            name="status",
        ),
        CheckConstraint(
            "0 <= refunded_amount AND refunded_amount <= refund_reserved_amount"
            " AND refund_reserved_amount <= captured_amount AND captured_amount <= authorized_amount",
            name="amounts",
        ),
        CheckConstraint("order_id IS NOT NULL OR status = 'voided'", name="tombstone"),
        CheckConstraint("quarantined = (quarantine_reason IS NOT NULL)", name="quarantine"),
        Index(
            "uq_payments_live",
            "order_id",
            unique=True,
            postgresql_where=text("status NOT IN ('failed', 'voided')"),
        ),
        Index("ix_payments_order_id", "order_id"),
        Index("ix_payments_created_at", "created_at", "id"),
        Index("ix_payments_due", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index("ix_payments_quarantined", "id", postgresql_where=text("quarantined")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[OptionalId]
    provider: Mapped[str]
    method: Mapped[str]
    status: Mapped[str]
    due_amount: Mapped[int]
    currency: Mapped[Currency]
    authorized_amount: Mapped[Amount]
    captured_amount: Mapped[Amount]
    refund_reserved_amount: Mapped[Amount]
    refunded_amount: Mapped[Amount]
    provider_ref: Mapped[OptionalText] = mapped_column(unique=True)
    provider_payment_ref: Mapped[OptionalText] = mapped_column(unique=True)
    redirect_url: Mapped[OptionalText]
    session_expires_at: Mapped[datetime | None]
    session_seconds: Mapped[int | None]
    success_url: Mapped[OptionalText]
    cancel_url: Mapped[OptionalText]
    locale: Mapped[OptionalText]
    quarantined: Mapped[bool] = mapped_column(server_default=false())
    quarantine_reason: Mapped[OptionalText]
    version: Mapped[Attempts]
    next_at: Mapped[datetime | None]
    attempts: Mapped[Attempts]
    lease_token: Mapped[OptionalId]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class PaymentOperation(Base):
    """One thing asked of the provider, or seen to have happened there. Written before it is asked, never deleted."""

    __tablename__ = "payment_operations"
    __table_args__ = (
        CheckConstraint("kind IN ('authorize', 'capture', 'void', 'refund')", name="kind"),
        CheckConstraint("status IN ('pending', 'succeeded', 'failed', 'unknown')", name="status"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_payment_operations_payment_id", "payment_id", "created_at"),
        Index(
            "ix_payment_operations_open",
            "payment_id",
            postgresql_where=text("status IN ('pending', 'unknown')"),
        ),
    )

    id: Mapped[Id]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"))
    kind: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[Currency]
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    only_if_unpaid: Mapped[bool] = mapped_column(server_default=false())
    reason: Mapped[OptionalText]
    code: Mapped[OptionalText]
    message: Mapped[OptionalText]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
