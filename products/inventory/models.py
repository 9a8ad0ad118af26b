"""Tables of the inventory. Counters change through the SQL function `move_stock` only, which writes the movement too."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from chassis.orm import CreatedAt, UpdatedAt
from products.tables import Base


class Stock(Base):
    """The counters of one variant. `available` is what can still be promised; `version` counts changes.

    `held`: promised to orders not yet paid. `allocated`: promised to paid orders, not yet sent.
    `shortage`: promised although it is not there (goods were lost under live promises).
    """

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),
        CheckConstraint("held >= 0", name="held_not_negative"),
        CheckConstraint("allocated >= 0", name="allocated_not_negative"),
        CheckConstraint("shortage >= 0", name="shortage_not_negative"),
        CheckConstraint("backorder OR held + allocated <= on_hand + shortage", name="promises_covered"),
        Index("ix_stock_product_id", "product_id"),
        {"postgresql_with": {"fillfactor": 70}},
    )

    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    on_hand: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    held: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    allocated: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    shortage: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    backorder: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    available: Mapped[int] = mapped_column(
        BigInteger, Computed("GREATEST(0, on_hand - held - allocated)", persisted=True), nullable=False
    )
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class Reservation(Base):
    """What one order was promised. A tombstone (closed before it began) has no lines and no `body_hash`."""

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint(
            "state IN ('held', 'allocated', 'released', 'expired', 'fulfilled')", name="known_state"
        ),
        CheckConstraint("state = 'released' OR expires_at IS NOT NULL", name="held_until"),
        Index("ix_reservations_expiry", "expires_at", postgresql_where=text("state = 'held'")),
        {"postgresql_with": {"fillfactor": 80}},
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    body_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class ReservationLine(Base):
    """So many of one variant; `fulfilled` of them have left the house."""

    __tablename__ = "reservation_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("fulfilled BETWEEN 0 AND quantity", name="fulfilled_within_quantity"),
        Index("ix_reservation_lines_variant_id", "variant_id"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("reservations.order_id"), primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    quantity: Mapped[int] = mapped_column(BigInteger)
    fulfilled: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class StockMovement(Base):
    """One change of one variant's counters, never edited: `change_*` is what it did, `*_after` what it left.

    The counters of `stock` are the sums of the changes. `cause` and `cause_id` say who wanted it; one cause
    moves a variant at most once per kind.
    """

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('initial', 'adjust', 'hold', 'release', 'expire', 'allocate', 'reallocate', 'deallocate',"
            " 'fulfill', 'return', 'policy')",
            name="known_kind",
        ),
        CheckConstraint(
            "cause IN ('product', 'staff', 'order', 'fulfillment', 'return', 'import')", name="known_cause"
        ),
        UniqueConstraint("cause_id", "variant_id", "kind", "cause", name="uq_stock_movements_once"),
        Index("ix_stock_movements_variant_id", "variant_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"))
    kind: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    cause_id: Mapped[UUID]
    actor: Mapped[str] = mapped_column(Text, server_default=text("''"))
    reason: Mapped[str] = mapped_column(Text, server_default=text("''"))
    change_on_hand: Mapped[int]
    change_held: Mapped[int]
    change_allocated: Mapped[int]
    change_shortage: Mapped[int]
    on_hand_after: Mapped[int]
    held_after: Mapped[int]
    allocated_after: Mapped[int]
    shortage_after: Mapped[int]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
