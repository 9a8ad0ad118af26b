"""Table of the inbox of provider events."""

from datetime import datetime

from sqlalchemy import Index, func, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from payments.tables import Base, OptionalId, OptionalText


class ProviderEvent(Base):
    """An event that was verified: which payment it spoke of, none when we know none. Its content is not kept."""

    __tablename__ = "provider_events"
    __table_args__ = (
        Index("ix_provider_events_received_at", "received_at"),
        Index("ix_provider_events_unsettled", "payment_id", postgresql_where=text("NOT settled")),
    )

    provider: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    payment_id: Mapped[OptionalId]
    object_ref: Mapped[OptionalText]
    received_at: Mapped[datetime] = mapped_column(
        postgresql.TIMESTAMP(timezone=True), server_default=func.now()
    )
    settled: Mapped[bool]
