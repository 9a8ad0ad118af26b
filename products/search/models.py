"""Projections for lists and search. Written by the SQL functions `refresh_listings` and `move_stock` only,
in the transaction of the edit or movement itself, so they are never behind.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Computed, DateTime, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, CHAR, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from products.tables import Base


class Listing(Base):
    """One row of a product list: a product as it is offered in one currency.

    `price_amount`, `compare_at_amount` and `sku` are of the cheapest active variant; `available` sums the active
    variants and follows every stock movement. No index holds `available`, so that a hold is a heap-only update;
    `in_stock` may be indexed, as it changes with the last unit only.
    """

    __tablename__ = "listings"
    __table_args__ = (
        Index(
            "ix_listings_popularity", "currency", "status", text("popularity DESC"), text("product_id DESC")
        ),
        Index("ix_listings_newest", "currency", "status", text("created_at DESC"), text("product_id DESC")),
        Index("ix_listings_price", "currency", "status", "price_amount", "product_id"),
        Index("ix_listings_name_en", "currency", "status", text("sort_name(names, 'en')"), "product_id"),
        Index("ix_listings_name_ru", "currency", "status", text("sort_name(names, 'ru')"), "product_id"),
        Index("ix_listings_category", "category_id", "currency", "status"),
        {"postgresql_with": {"fillfactor": 80}},
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    currency: Mapped[str] = mapped_column(CHAR(3), primary_key=True)
    status: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text)
    names: Mapped[dict[str, Any]]
    sku: Mapped[str] = mapped_column(Text)
    price_amount: Mapped[int] = mapped_column(BigInteger)
    compare_at_amount: Mapped[int | None] = mapped_column(BigInteger)
    available: Mapped[int] = mapped_column(BigInteger)
    backorder: Mapped[bool] = mapped_column(Boolean)
    in_stock: Mapped[bool] = mapped_column(
        Boolean, Computed("available > 0 OR backorder", persisted=True), nullable=False
    )
    category_id: Mapped[UUID | None]
    image: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    popularity: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class SearchDocument(Base):
    """What a product is found by: stems of both languages, words for typos, exact article codes."""

    __tablename__ = "search_documents"
    __table_args__ = (
        Index("ix_search_documents_document", "document", postgresql_using="gin"),
        Index(
            "ix_search_documents_words",
            "words",
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
        ),
        Index("ix_search_documents_codes", "codes", postgresql_using="gin"),
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[str] = mapped_column(TSVECTOR)
    words: Mapped[str] = mapped_column(Text)
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
