"""The statements of pricing. Each is one decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Database
from orders.pricing.rules import Discount


@dataclass(frozen=True, slots=True)
class Offer:
    """A way of delivery to the country asked for."""

    code: str
    name: str
    price: int
    free_above: int | None
    estimate: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds in one country: tax class → basis points of the net, and the ways of delivery in their order."""

    taxes: dict[str, int]
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class CouponRow:
    """A coupon as it stands; `left` of all, `left_for_redeemer` of this redeemer's uses (None: no limit)."""

    id: UUID
    code: str
    discount: Discount
    currency: str | None
    left: int | None
    left_for_redeemer: int | None
    in_time: bool


async def terms(db: Database, *, country: str, currency: str, locale: str) -> Terms:
    """The terms of a country; without offers where nothing is delivered to (or not for this currency)."""
    row = await db.fetchrow(_TERMS, country, currency, locale)
    assert row is not None  # noqa: S101  # an aggregate always has a row
    taxes: dict[str, int] = row["taxes"] or {}
    offers: list[dict[str, Any]] = row["offers"] or []
    return Terms(taxes, tuple(Offer(**offer) for offer in offers))


async def coupon(db: Database, *, code: str, redeemer: str | None) -> CouponRow | None:
    """The active coupon of that code, as it stands for a redeemer (None: nobody in particular)."""
    row = await db.fetchrow(_COUPON, code.upper(), redeemer)
    if row is None:
        return None
    value = row["percent"] if row["kind"] == "percent" else row["amount"]
    return CouponRow(
        id=row["id"],
        code=row["code"],
        discount=Discount(row["kind"], value, row["minimum_subtotal_amount"]),
        currency=row["currency"],
        left=row["left_of_all"],
        left_for_redeemer=row["left_for_redeemer"],
        in_time=row["in_time"],
    )


async def add_coupon(
    db: Database,
    *,
    code: str,
    discount: Discount,
    currency: str | None = None,
    total_limit: int | None = None,
    per_customer_limit: int | None = None,
    valid_until: datetime | None = None,
    description: str = "",
) -> bool:
    """The coupon is there; whether it was not before."""
    percent, amount = (discount.value, 0) if discount.kind == "percent" else (None, discount.value)
    arguments = (percent, amount, currency, discount.minimum, total_limit, per_customer_limit, valid_until)
    added = await db.fetchval(_ADD_COUPON, code.upper(), discount.kind, *arguments, description)
    return bool(added)


_TERMS = """
WITH zone AS (
  SELECT coalesce((SELECT zone FROM shipping_zone_countries WHERE country = $1::char(2)),
                  (SELECT code FROM shipping_zones WHERE rest)) AS code)
SELECT (SELECT jsonb_object_agg(tax_class, basis_points) FROM tax_rates WHERE country = $1::char(2)) AS taxes,
       (SELECT jsonb_agg(jsonb_build_object(
                 'code', method.code,
                 'name', CASE WHEN $3 = 'ru' THEN method.name_ru ELSE method.name END,
                 'price', rate.price_amount,
                 'free_above', rate.free_above_amount,
                 'estimate', CASE WHEN $3 = 'ru' THEN rate.estimate_ru ELSE rate.estimate END)
               ORDER BY method.position, method.code)
          FROM shipping_rates AS rate JOIN shipping_methods AS method ON method.code = rate.method
         WHERE rate.zone = (SELECT code FROM zone) AND rate.currency = $2::char(3) AND method.active) AS offers
"""

_COUPON = """
SELECT id, code, kind, percent, amount, currency, minimum_subtotal_amount,
       total_limit - used AS left_of_all,
       per_customer_limit - (SELECT count(*) FROM coupon_redemptions AS redemption
                              WHERE redemption.coupon_id = coupons.id AND redemption.redeemer = $2
                                AND redemption.state = 'active') AS left_for_redeemer,
       (valid_from IS NULL OR valid_from <= now()) AND (valid_until IS NULL OR now() < valid_until) AS in_time
  FROM coupons WHERE code = $1 AND active
"""

_ADD_COUPON = """
INSERT INTO coupons (code, kind, percent, amount, currency, minimum_subtotal_amount, total_limit,
                     per_customer_limit, valid_until, description)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (code) DO NOTHING RETURNING true
"""
