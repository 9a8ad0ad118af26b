"""The table of mails."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.orm import CreatedAt, Id
from orders.tables import Base


class Mail(Base):
    """One mail of one kind about one order. The secret of a guest's link is not in it, see `render`."""

    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("order_id", "kind"),
        CheckConstraint("state IN ('kept', 'sending', 'sent')", name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at"),
        Index("ix_mails_created_at", "created_at", "id"),
    )

    id: Mapped[Id]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[str]
    recipient: Mapped[str]
    locale: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[CreatedAt]
    sent_at: Mapped[datetime | None]
