"""The tables. Read by migrations only: the running service writes its SQL by hand (`queries`)."""

from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import idempotency, orm

Hash = Annotated[bytes, mapped_column(LargeBinary)]


class Base(orm.Model):
    """The cart service's tables."""

    __abstract__ = True
    metadata = orm.metadata()


class Cart(Base):
    """Belongs to exactly one: a customer, who has one cart for good, or the guest who knows the secret.

    A guest's cart that went into a customer's keeps its row, empty, with `merged_into`: its secret opens nothing.
    """

    __tablename__ = "carts"
    __table_args__ = (
        CheckConstraint("(customer_id IS NULL) <> (secret_hash IS NULL)", name="one_owner"),
        CheckConstraint("octet_length(secret_hash) = 32", name="secret_hash_is_sha256"),
        CheckConstraint("merged_into IS NULL OR customer_id IS NULL", name="only_guests_merge"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("char_length(note) <= 500", name="note_is_short"),
        Index(
            "ix_carts_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")
        ),  # deleting a cart looks for carts that went into it
        Index(
            "ix_carts_created_at_guests", "created_at", postgresql_where=text("customer_id IS NULL")
        ),  # the sweep; not updated_at, which would cost every change an index entry
    )

    id: Mapped[orm.Id]
    customer_id: Mapped[UUID | None] = mapped_column(unique=True)
    secret_hash: Mapped[Hash | None] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    note: Mapped[str] = mapped_column(server_default="")
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    created_at: Mapped[orm.CreatedAt]
    updated_at: Mapped[orm.UpdatedAt]


class CartLine(Base):
    """One variant in one cart. Ids grow with time, so ordering by id is the order of adding."""

    __tablename__ = "cart_lines"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity_in_range"),
        UniqueConstraint("cart_id", "variant_id"),
    )

    id: Mapped[orm.Id]
    cart_id: Mapped[UUID] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    variant_id: Mapped[UUID]
    sku: Mapped[str]
    quantity: Mapped[int] = mapped_column(Integer)


class Merge(Base):
    """A merge that another service asked for: `fingerprint` of what it asked, the receipt it got."""

    __tablename__ = "merges"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fingerprint: Mapped[Hash]
    receipt: Mapped[dict[str, Any] | None]
    created_at: Mapped[orm.CreatedAt] = mapped_column(index=True)


class Ordered(Base):
    """An order whose lines were taken out of its cart. Kept for good: an order is subtracted once."""

    __tablename__ = "ordered"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    cart_id: Mapped[UUID]
    fingerprint: Mapped[Hash]
    created_at: Mapped[orm.CreatedAt]


idempotency_keys = idempotency.table(Base.metadata)
