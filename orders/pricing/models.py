"""Tables of the shop's terms. Names and estimates are kept in each language the shop speaks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from chassis.orm import CreatedAt, Id
from orders.tables import Amount, Base, Counter, Country, OptionalText


class ShippingZone(Base):
    """Countries that cost the same to deliver to. The one that is `rest` takes every country of no other zone."""

    __tablename__ = "shipping_zones"
    __table_args__ = (Index("uq_shipping_zones_rest", "rest", unique=True, postgresql_where=text("rest")),)

    code: Mapped[str] = mapped_column(primary_key=True)
    rest: Mapped[bool]


class ShippingZoneCountry(Base):
    """Each country is in one zone at most."""

    __tablename__ = "shipping_zone_countries"

    country: Mapped[Country] = mapped_column(primary_key=True)
    zone: Mapped[str] = mapped_column(ForeignKey("shipping_zones.code"))


class ShippingMethod(Base):
    """A way to get the goods."""

    __tablename__ = "shipping_methods"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_ru: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    active: Mapped[bool] = mapped_column(server_default=true())


class ShippingRate(Base):
    """What a method costs in a zone; nothing from `free_above_amount` of goods on."""

    __tablename__ = "shipping_rates"
    __table_args__ = (CheckConstraint("price_amount >= 0 AND free_above_amount >= 0", name="amounts"),)

    method: Mapped[str] = mapped_column(ForeignKey("shipping_methods.code"), primary_key=True)
    zone: Mapped[str] = mapped_column(ForeignKey("shipping_zones.code"), primary_key=True)
    currency: Mapped[str] = mapped_column(CHAR(3), primary_key=True)
    price_amount: Mapped[Amount]
    free_above_amount: Mapped[int | None]
    estimate: Mapped[str]
    estimate_ru: Mapped[str]


class TaxRate(Base):
    """The share of a country's tax in prices that include it, in basis points of the net (2000 = 20 %)."""

    __tablename__ = "tax_rates"
    __table_args__ = (
        CheckConstraint("basis_points BETWEEN 0 AND 10000", name="basis_points"),
        CheckConstraint("tax_class IN ('standard', 'reduced')", name="tax_class"),
    )

    country: Mapped[Country] = mapped_column(primary_key=True)
    tax_class: Mapped[str] = mapped_column(primary_key=True)
    basis_points: Mapped[int] = mapped_column(SmallInteger)


class Coupon(Base):
    """A discount for those who know its code (upper case). `used` counts live redemptions."""

    __tablename__ = "coupons"
    __table_args__ = (
        CheckConstraint("code = upper(code)", name="code"),
        CheckConstraint(
            "(kind = 'percent' AND percent BETWEEN 1 AND 100 AND amount = 0 AND currency IS NULL)"
            " OR (kind = 'amount' AND percent IS NULL AND amount > 0 AND currency IS NOT NULL)",
            name="kind",
        ),
        CheckConstraint("used >= 0 AND (total_limit IS NULL OR used <= total_limit)", name="used"),
        CheckConstraint("minimum_subtotal_amount >= 0 AND per_customer_limit > 0", name="limits"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    percent: Mapped[int | None] = mapped_column(SmallInteger)
    amount: Mapped[Amount]
    currency: Mapped[str | None] = mapped_column(CHAR(3))
    minimum_subtotal_amount: Mapped[Amount]
    total_limit: Mapped[int | None]
    per_customer_limit: Mapped[int | None] = mapped_column(SmallInteger)
    used: Mapped[Counter]
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(server_default=true())
    description: Mapped[OptionalText]
    created_at: Mapped[CreatedAt]


class CouponRedemption(Base):
    """One use of a coupon by one order. `use` numbers a redeemer's live uses of it, so that a limit is an index."""

    __tablename__ = "coupon_redemptions"
    __table_args__ = (
        UniqueConstraint("order_id"),
        CheckConstraint("state IN ('active', 'returned')", name="state"),
        Index(
            "uq_coupon_redemptions_use",
            "coupon_id",
            "redeemer",
            "use",
            unique=True,
            postgresql_where=text("state = 'active'"),
        ),
    )

    id: Mapped[Id]
    coupon_id: Mapped[UUID] = mapped_column(ForeignKey("coupons.id"))
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    redeemer: Mapped[str]
    use: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(server_default="active")
    created_at: Mapped[CreatedAt]
