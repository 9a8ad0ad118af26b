"""Tables of the catalogue.

To add products in bulk (demo, import), write in one transaction: `options` and `option_values` (shared by the
whole shop), `products`, `product_translations` (an `en` row is required), `product_options`, `variants`,
`variant_values`, `prices`, `pictures`, `stock` with zero counters; then `SELECT move_stock('initial', …)` for
what is on hand and `SELECT refresh_listings(array_of_product_ids)` last: without it nothing is listed or found.
Or call `catalog.create.create_product` once per product, which does all of that.

Small labels are jsonb objects by locale (`{"en": "Size", "ru": "Размер"}`, `en` required); the long texts of
products are rows of `product_translations`.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import CHAR, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.orm import CreatedAt, Id, UpdatedAt
from products.tables import Base


class Category(Base):
    """A node of the category tree; a product is in one category and so in all above it."""

    __tablename__ = "categories"
    __table_args__ = (
        CheckConstraint("names ? 'en'", name="named_in_english"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        Index("ix_categories_parent_id", "parent_id"),
    )

    id: Mapped[Id]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"))
    slug: Mapped[str] = mapped_column(Text, unique=True)
    names: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class Product(Base):
    """A thing described. `version` counts edits (not stock changes); `popularity` orders lists without a query."""

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'active', 'archived')", name="known_status"),
        Index("ix_products_category_id", "category_id"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(Text, unique=True)
    status: Mapped[str] = mapped_column(Text, server_default=text("'active'"))
    category_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"))
    brand: Mapped[str | None] = mapped_column(Text)
    popularity: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class ProductTranslation(Base):
    """Name and description of a product in one locale. `en` is the canonical text and always there."""

    __tablename__ = "product_translations"
    __table_args__ = (CheckConstraint("name <> ''", name="named"),)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    locale: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default=text("''"))


class Option(Base):
    """A choice axis of the shop, shared by products. `code` is what filters say: `option.size=M`."""

    __tablename__ = "options"
    __table_args__ = (CheckConstraint("labels ? 'en'", name="labelled_in_english"),)

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    labels: Mapped[dict[str, Any]]


class OptionValue(Base):
    """One choice of an axis. `code` is the English label in lower case; `position` orders facets."""

    __tablename__ = "option_values"
    __table_args__ = (CheckConstraint("labels ? 'en'", name="labelled_in_english"),)

    option_code: Mapped[str] = mapped_column(ForeignKey("options.code"), primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    labels: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class ProductOption(Base):
    """A product offers this axis, at this place."""

    __tablename__ = "product_options"
    __table_args__ = (Index("ix_product_options_option_code", "option_code"),)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    option_code: Mapped[str] = mapped_column(ForeignKey("options.code"), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class Variant(Base):
    """A thing sold. Never deleted: orders and movements name it. `sku` is unique among active variants."""

    __tablename__ = "variants"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'archived')", name="known_status"),
        CheckConstraint("weight_grams >= 0", name="weight_not_negative"),
        Index("uq_variants_live_sku", "sku", unique=True, postgresql_where=text("status = 'active'")),
        Index("ix_variants_sku", "sku"),
        Index("ix_variants_barcode", "barcode", postgresql_where=text("barcode IS NOT NULL")),
        Index("ix_variants_product_id", "product_id", "position"),
    )

    id: Mapped[Id]
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    sku: Mapped[str] = mapped_column(Text)
    barcode: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=text("'active'"))
    tax_class: Mapped[str] = mapped_column(Text, server_default=text("'standard'"))
    weight_grams: Mapped[int | None] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))
    created_at: Mapped[CreatedAt]


class VariantValue(Base):
    """A variant's choice on one axis."""

    __tablename__ = "variant_values"
    __table_args__ = (
        ForeignKeyConstraint(
            ["option_code", "value_code"], ["option_values.option_code", "option_values.code"]
        ),
        Index("ix_variant_values_value", "option_code", "value_code"),
    )

    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True)
    option_code: Mapped[str] = mapped_column(Text, primary_key=True)
    value_code: Mapped[str] = mapped_column(Text)


class Price(Base):
    """What a variant costs in one currency, minor units; `compare_at_amount` is the was-price."""

    __tablename__ = "prices"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("compare_at_amount > amount", name="compare_at_above_price"),
    )

    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True)
    currency: Mapped[str] = mapped_column(CHAR(3), primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    compare_at_amount: Mapped[int | None] = mapped_column(BigInteger)


class Picture(Base):
    """A picture of a product or of one variant of it: one row for each variant that it shows.

    `url` is a path below `/media/`; `alts` by locale.
    """

    __tablename__ = "pictures"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="has_a_size"),
        Index("ix_pictures_product_id", "product_id", "position"),
        Index("ix_pictures_variant_id", "variant_id", postgresql_where=text("variant_id IS NOT NULL")),
    )

    id: Mapped[Id]
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    variant_id: Mapped[UUID | None] = mapped_column(ForeignKey("variants.id"))
    position: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    url: Mapped[str] = mapped_column(Text)
    alts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    width: Mapped[int] = mapped_column(BigInteger)
    height: Mapped[int] = mapped_column(BigInteger)
