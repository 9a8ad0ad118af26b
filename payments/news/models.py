"""Table of news for orders (outbox)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.orm import CreatedAt
from payments.tables import Attempts, Base


class News(Base):
    """Something orders should ask about. `done_at`: orders has taken it; until then it is sent again."""

    __tablename__ = "news"
    __table_args__ = (
        CheckConstraint(
            "type IN ('payment.created', 'payment.authorized', 'payment.captured', 'payment.failed',"
            " 'payment.voided', 'refund.succeeded', 'refund.failed')",
            name="type",
        ),
        Index("ix_news_due", "next_at", postgresql_where=text("done_at IS NULL")),
        Index("ix_news_done_at", "done_at", postgresql_where=text("done_at IS NOT NULL")),
    )

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str]
    order_id: Mapped[UUID]
    payment_id: Mapped[UUID]
    created_at: Mapped[CreatedAt]
    next_at: Mapped[datetime]
    attempts: Mapped[Attempts]
    done_at: Mapped[datetime | None]
