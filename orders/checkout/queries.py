"""The statements that make an order."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from chassis.database import Connection, Database
from chassis.ids import new_id
from orders.lifecycle.queries.saga import Lease, SagaOrder
from orders.pricing.rules import options_label
from orders.pricing.service import Quote


@dataclass(frozen=True, slots=True)
class NewOrder:
    """Everything that an order begins with, beside its quote."""

    saga: SagaOrder
    quote: Quote
    cart_version: int
    terms_hash: bytes
    principal: str
    redeemer: str
    shipping_address: dict[str, Any]
    billing_address: dict[str, Any] | None
    note: str
    open_orders: int
    lease_seconds: float
    opening_seconds: float
    token_days: int
    who: str


class Placing(StrEnum):
    """What became of the wish to place an order."""

    PLACED = "placed"
    TOO_MANY_OPEN = "too_many_open"
    COUPON_GONE = "coupon_gone"


@dataclass(frozen=True, slots=True)
class Existing:
    """An order that stands in the way of another one of the same cart."""

    id: UUID
    number: str
    same_version: bool
    terms_hash: bytes
    customer_id: UUID | None
    payment_url: str | None


async def place(connection: Connection | Database, new: NewOrder, lease: Lease) -> Placing:
    """The order, its lines, its coupon's redemption and its first event are there, leased; or nothing is.

    Raises asyncpg.UniqueViolationError: of `uq_orders_live_cart` or `uq_orders_cart_version` when the cart has an
    order already, of `RACES` when another was quicker and trying again is right.
    """
    saga, totals, quote = new.saga, new.quote.totals, new.quote
    coupon = quote.coupon
    rows = list(zip(quote.wanted, totals.lines, quote.rates, strict=True))
    row = await connection.fetchrow(
        _PLACE,
        saga.id,
        saga.number,
        saga.cart_id,
        new.cart_version,
        new.terms_hash,
        new.principal,
        saga.customer_id,
        saga.token_hash,
        new.token_days,
        saga.email,
        saga.locale,
        new.shipping_address,
        new.billing_address,
        new.note,
        quote.offer.code,
        quote.offer.name,
        coupon.code if coupon else None,
        saga.return_url,
        quote.currency,
        [totals.subtotal, totals.discount, totals.shipping, totals.shipping_tax, totals.tax, totals.total],
        saga.payment_method,
        new.opening_seconds,
        new.lease_seconds,
        lease.token,
        new.open_orders,
        coupon.id if coupon else None,
        new.redeemer,
        new.who,
        [new_id() for _ in rows],
        [line.variant.variant_id for line, _, _ in rows],
        [line.variant.product_id for line, _, _ in rows],
        [line.variant.sku for line, _, _ in rows],
        [line.variant.slug for line, _, _ in rows],
        [line.variant.name for line, _, _ in rows],
        [options_label(line.variant.options) for line, _, _ in rows],
        [line.variant.image for line, _, _ in rows],
        [line.quantity for line, _, _ in rows],
        [line.variant.price.amount if line.variant.price else 0 for line, _, _ in rows],
        [priced.discount for _, priced, _ in rows],
        [priced.tax for _, priced, _ in rows],
        [rate for _, _, rate in rows],
        [priced.total for _, priced, _ in rows],
    )
    assert row is not None  # noqa: S101  # the statement always answers one row
    if row["placed"]:
        return Placing.PLACED
    return Placing.TOO_MANY_OPEN if row["no_slot"] else Placing.COUPON_GONE


async def existing(db: Database, *, cart_id: UUID, cart_version: int) -> Existing | None:
    """The order of this very version of the cart, unless it came to nothing; else the cart's live order."""
    row = await db.fetchrow(_EXISTING, cart_id, cart_version)
    return None if row is None else Existing(**row)


RACES = frozenset({"uq_orders_open_slot", "uq_orders_number", "uq_coupon_redemptions_use"})
"""Unique indexes that two simultaneous orders may meet in although both are right."""

_PLACE = """
WITH slot AS (
  SELECT min(free) AS open_slot FROM generate_series(1, $25::int) AS free
   WHERE NOT EXISTS (SELECT FROM orders WHERE principal = $6 AND live AND open_slot = free)),
wish AS (
  SELECT id, CASE WHEN per_customer_limit IS NULL
    THEN (SELECT coalesce(max(use), 0) + 1 FROM coupon_redemptions
           WHERE coupon_id = coupons.id AND redeemer = $27 AND state = 'active')
    ELSE (SELECT min(free) FROM generate_series(1, per_customer_limit) AS free
           WHERE NOT EXISTS (SELECT FROM coupon_redemptions
                              WHERE coupon_id = coupons.id AND redeemer = $27 AND state = 'active' AND use = free))
    END AS use
    FROM coupons WHERE id = $26::uuid),
coupon AS (
  UPDATE coupons SET used = used + 1 FROM wish, slot
   WHERE coupons.id = wish.id AND wish.use IS NOT NULL AND slot.open_slot IS NOT NULL
     AND active AND (total_limit IS NULL OR used < total_limit)
     AND (valid_from IS NULL OR valid_from <= now()) AND (valid_until IS NULL OR now() < valid_until)
  RETURNING coupons.id, wish.use),
placed AS (
  INSERT INTO orders (
    id, number, status, payment_status, step, cart_id, cart_version, terms_hash, principal, open_slot,
    customer_id, token_hash, token_expires_at, email, locale, shipping_address, billing_address, note,
    shipping_method, shipping_method_name, coupon_code, return_url, currency, subtotal_amount, discount_amount,
    shipping_amount, shipping_tax_amount, tax_amount, total_amount, payment_method,
    deadline_at, next_at, attempts, lease_token)
  SELECT $1, $2, 'pending', 'unpaid', 'placed', $3, $4, $5, $6, slot.open_slot,
    $7, $8, CASE WHEN $8::bytea IS NOT NULL THEN now() + make_interval(days => $9) END, $10, $11, $12, $13, $14,
    $15, $16, $17, $18, $19, ($20::bigint[])[1], ($20::bigint[])[2],
    ($20::bigint[])[3], ($20::bigint[])[4], ($20::bigint[])[5], ($20::bigint[])[6], $21,
    now() + make_interval(secs => $22), now() + make_interval(secs => $23), 1, $24
    FROM slot WHERE slot.open_slot IS NOT NULL AND ($26::uuid IS NULL OR EXISTS (SELECT FROM coupon))
  RETURNING id),
lines AS (
  INSERT INTO order_lines (
    id, order_id, position, variant_id, product_id, sku, slug, name, options, image, quantity,
    unit_price_amount, discount_amount, tax_amount, tax_basis_points, total_amount)
  SELECT line.id, placed.id, line.position, line.variant_id, line.product_id, line.sku, line.slug, line.name,
    line.options, line.image, line.quantity, line.unit_price, line.discount, line.tax, line.rate, line.total
    FROM placed, unnest($29::uuid[], $30::uuid[], $31::uuid[], $32::text[], $33::text[], $34::text[], $35::text[],
                        $36::jsonb[], $37::int[], $38::bigint[], $39::bigint[], $40::bigint[], $41::int[],
                        $42::bigint[]) WITH ORDINALITY
      AS line (id, variant_id, product_id, sku, slug, name, options, image, quantity, unit_price, discount, tax,
               rate, total, position)),
told AS (
  INSERT INTO order_events (order_id, event, who, status, step)
  SELECT id, 'order.placed', $28, 'pending', 'placed' FROM placed),
redeemed AS (
  INSERT INTO coupon_redemptions (coupon_id, order_id, redeemer, use)
  SELECT coupon.id, placed.id, $27, coupon.use FROM placed, coupon)
SELECT EXISTS (SELECT FROM placed) AS placed, (SELECT open_slot FROM slot) IS NULL AS no_slot
"""

_EXISTING = """
SELECT id, number, cart_version = $2 AS same_version, terms_hash, customer_id,
       CASE WHEN status = 'pending' AND step = 'awaiting_payment' THEN payment_url END AS payment_url
  FROM orders
 WHERE cart_id = $1 AND (live OR (cart_version = $2 AND status NOT IN ('failed', 'expired', 'canceled')))
 ORDER BY cart_version = $2 DESC LIMIT 1
"""
