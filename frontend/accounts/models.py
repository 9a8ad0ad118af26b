"""The tables of accounts; imported by migrations only, the statements are in `queries`."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Interval, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.orm import CreatedAt, Id, Model, UpdatedAt, metadata


class Base(Model):
    """The gateway's tables."""

    __abstract__ = True
    metadata = metadata()


class Account(Base):
    """A person who can sign in. `email` is kept in lower case."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        CheckConstraint("roles <@ ARRAY['customer', 'staff']", name="roles_are_known"),
        CheckConstraint("locale IN ('en', 'ru')", name="locale_is_known"),
    )

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    locale: Mapped[str]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class Address(Base):
    """One entry of a person's address book."""

    __tablename__ = "addresses"
    __table_args__ = (Index("ix_addresses_account_id_created_at", "account_id", "created_at"),)

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[str]
    line1: Mapped[str]
    line2: Mapped[str]
    city: Mapped[str]
    region: Mapped[str]
    postal_code: Mapped[str]
    country: Mapped[str]
    phone: Mapped[str]
    created_at: Mapped[CreatedAt]


class Session(Base):
    """A browser that has something to remember. `id_hash` is SHA-256 of the cookie; `sealed` only it can open."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_account_id", "account_id"),
        Index("ix_sessions_expires_at", "expires_at"),
    )

    id_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    idle_limit: Mapped[timedelta] = mapped_column(Interval)
    created_at: Mapped[CreatedAt]
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class SignInFailure(Base):
    """How often signing in failed lately, per key (a hash of address and account, or of an address alone)."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index("ix_sign_in_failures_window_ends_at", "window_ends_at"),)

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int] = mapped_column(server_default=text("1"))
    window_ends_at: Mapped[datetime]
