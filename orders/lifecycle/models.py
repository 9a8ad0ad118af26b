"""Tables of orders: terms that never change, the saga's row, its timeline, and what payments told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    false,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from chassis.orm import CreatedAt, Id, UpdatedAt
from orders.lifecycle.states import FulfillmentStatus, PaymentStatus, Reason, Status, Step
from orders.tables import Amount, Base, Counter, Currency, OptionalId, OptionalText


def _one_of(column: str, words: type[Status | Step | Reason | PaymentStatus | FulfillmentStatus]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


class Order(Base):
    """One purchase. `live`: neither confirmed nor ended yet. `next_at`: when somebody must work on it; null: never."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(_one_of("status", Status), name="status"),
        CheckConstraint(_one_of("step", Step), name="step"),
        CheckConstraint(_one_of("cancel_reason", Reason), name="cancel_reason"),
        CheckConstraint(_one_of("payment_status", PaymentStatus), name="payment_status"),
        CheckConstraint(_one_of("fulfillment_status", FulfillmentStatus), name="fulfillment_status"),
        CheckConstraint("NOT live OR status IN ('pending', 'canceling')", name="live"),
        CheckConstraint("status <> 'pending' OR live", name="pending_is_live"),
        CheckConstraint(
            "total_amount = subtotal_amount - discount_amount + shipping_amount"
            " AND subtotal_amount >= 0 AND discount_amount >= 0 AND shipping_amount >= 0"
            " AND tax_amount BETWEEN 0 AND total_amount AND total_amount >= 0",
            name="total",
        ),
        CheckConstraint("(customer_id IS NULL) = (token_hash IS NOT NULL)", name="owner"),
        CheckConstraint("lease_token IS NULL OR next_at IS NOT NULL", name="lease"),
        Index("uq_orders_live_cart", "cart_id", unique=True, postgresql_where=text("live")),
        Index(
            "uq_orders_cart_version",
            "cart_id",
            "cart_version",
            unique=True,
            postgresql_where=text("status NOT IN ('failed', 'expired', 'canceled')"),
        ),
        Index("uq_orders_open_slot", "principal", "open_slot", unique=True, postgresql_where=text("live")),
        Index("ix_orders_due", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index("ix_orders_stuck", "id", postgresql_where=text("stuck")),
        Index("ix_orders_customer_id", "customer_id", "id", postgresql_where=text("customer_id IS NOT NULL")),
        Index("ix_orders_status", "status", "id"),
        Index("ix_orders_payment_status", "payment_status", "id"),
        Index("ix_orders_email", text("lower(email)"), "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    payment_status: Mapped[str]
    fulfillment_status: Mapped[str] = mapped_column(server_default="unfulfilled")
    step: Mapped[str]
    cancel_reason: Mapped[OptionalText]
    failure: Mapped[dict[str, Any] | None]
    live: Mapped[bool] = mapped_column(server_default=true())

    cart_id: Mapped[UUID]
    cart_version: Mapped[int]
    terms_hash: Mapped[bytes] = mapped_column(BYTEA)
    principal: Mapped[str]
    open_slot: Mapped[int] = mapped_column(SmallInteger)
    customer_id: Mapped[OptionalId]
    token_hash: Mapped[bytes | None] = mapped_column(BYTEA)
    token_expires_at: Mapped[datetime | None]

    email: Mapped[str]
    locale: Mapped[str]
    shipping_address: Mapped[dict[str, Any]]
    billing_address: Mapped[dict[str, Any] | None]
    note: Mapped[str] = mapped_column(server_default="")
    shipping_method: Mapped[str]
    shipping_method_name: Mapped[str]
    coupon_code: Mapped[OptionalText]
    return_url: Mapped[str]

    currency: Mapped[Currency]
    subtotal_amount: Mapped[Amount]
    discount_amount: Mapped[Amount]
    shipping_amount: Mapped[Amount]
    shipping_tax_amount: Mapped[Amount]
    tax_amount: Mapped[Amount]
    total_amount: Mapped[Amount]

    payment_method: Mapped[str]
    payment_id: Mapped[OptionalId]
    payment_state: Mapped[OptionalText]
    payment_url: Mapped[OptionalText]

    deadline_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    attempts: Mapped[Counter]
    deaths: Mapped[Counter]
    lease_token: Mapped[OptionalId]
    stuck: Mapped[bool] = mapped_column(server_default=false())
    last_error: Mapped[OptionalText]
    news: Mapped[Counter]
    asked_at: Mapped[datetime | None]

    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    confirmed_at: Mapped[datetime | None]


class OrderLine(Base):
    """What was ordered, as it was called and priced then. Never changed."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity"),
        CheckConstraint(
            "total_amount = unit_price_amount * quantity - discount_amount AND unit_price_amount >= 0"
            " AND discount_amount >= 0 AND total_amount >= 0 AND tax_amount BETWEEN 0 AND total_amount",
            name="total",
        ),
    )

    id: Mapped[Id]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    variant_id: Mapped[UUID]
    product_id: Mapped[UUID]
    sku: Mapped[str]
    slug: Mapped[str]
    name: Mapped[str]
    options: Mapped[str]
    image: Mapped[dict[str, Any] | None]
    quantity: Mapped[int] = mapped_column(SmallInteger)
    unit_price_amount: Mapped[Amount]
    discount_amount: Mapped[Amount]
    tax_amount: Mapped[Amount]
    tax_basis_points: Mapped[int] = mapped_column(SmallInteger)
    total_amount: Mapped[Amount]


class OrderEvent(Base):
    """The timeline: append-only, one row for each accepted move."""

    __tablename__ = "order_events"
    __table_args__ = (Index("ix_order_events_order_id", "order_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    event: Mapped[str]
    who: Mapped[str]
    actor: Mapped[OptionalText]
    status: Mapped[str]
    step: Mapped[str]


class Inbox(Base):
    """News that was taken in; its id makes a repetition nothing."""

    __tablename__ = "inbox"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str]
    order_id: Mapped[UUID]
    payment_id: Mapped[OptionalId]
    received_at: Mapped[CreatedAt]


class OrderRefund(Base):
    """Money that orders decided to give back: written before payments are asked."""

    __tablename__ = "order_refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("status IN ('requested', 'pending', 'succeeded', 'failed')", name="status"),
        Index("ix_order_refunds_order_id", "order_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    payment_id: Mapped[UUID]
    amount: Mapped[int]
    currency: Mapped[Currency]
    reason: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="requested")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
