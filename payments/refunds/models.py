"""Table of refunds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.orm import CreatedAt, UpdatedAt
from payments.tables import Attempts, Base, Currency, OptionalId, OptionalText


class Refund(Base):
    """Money on its way back. `foreign_made`: made at the provider by somebody else, and seen by us."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("status IN ('pending', 'succeeded', 'failed')", name="status"),
        Index("ix_refunds_payment_id", "payment_id"),
        Index("ix_refunds_due", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"))
    amount: Mapped[int]
    currency: Mapped[Currency]
    reason: Mapped[str]
    status: Mapped[str]
    provider_ref: Mapped[OptionalText] = mapped_column(unique=True)
    foreign_made: Mapped[bool] = mapped_column(server_default=false())
    failure: Mapped[OptionalText]
    next_at: Mapped[datetime | None]
    attempts: Mapped[Attempts]
    lease_token: Mapped[OptionalId]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
