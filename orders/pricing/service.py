"""What a basket costs somewhere, with a coupon, by a way of delivery."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.database import Database
from chassis.money import LARGEST_AMOUNT
from chassis.schemas import MoneyOut
from orders.clients.products import PricedVariant
from orders.pricing import errors, queries, rules
from orders.pricing.queries import CouponRow, Offer
from orders.pricing.schemas import QuoteLineOut, QuoteOut, ShippingOffer


@dataclass(frozen=True, slots=True)
class Wanted:
    """A variant as it is sold now, and how many of it."""

    variant: PricedVariant
    quantity: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A priced basket with everything that it was made of."""

    wanted: tuple[Wanted, ...]
    rates: tuple[int, ...]
    """Each line's tax rate in basis points."""
    totals: rules.Totals
    coupon: CouponRow | None
    offer: Offer
    offers: tuple[tuple[Offer, int], ...]
    """Every way of delivery with its price for these goods."""
    currency: str
    country: str


async def quote(
    db: Database,
    wanted: Sequence[Wanted],
    *,
    currency: str,
    country: str,
    locale: str,
    coupon_code: str | None,
    method: str | None,
    redeemer: str | None = None,
    country_pointer: str = "/country",
) -> Quote:
    """The quote for one line or more.

    Raises NotSellable (no price), NotDelivered, UnknownShippingMethod, CouponInvalid, AmountTooLarge.
    """
    terms = await queries.terms(db, country=country, currency=currency, locale=locale)
    if not terms.offers:
        raise errors.NotDelivered(country_pointer)
    goods = [
        rules.Goods(
            _price(line.variant).money().in_currency(currency),
            line.quantity,
            terms.taxes.get(line.variant.tax_class, terms.taxes.get("standard", 0)),
        )
        for line in wanted
    ]
    subtotal = sum(line.worth for line in goods)
    if subtotal > LARGEST_AMOUNT:
        raise errors.AmountTooLarge
    coupon = await _coupon(db, code=coupon_code, currency=currency, subtotal=subtotal, redeemer=redeemer)
    discount = coupon.discount if coupon else None
    standard = terms.taxes.get("standard", 0)
    after_discount = subtotal - (discount.of(subtotal) if discount else 0)
    priced = {offer.code: rules.Rate(offer.price, offer.free_above, standard) for offer in terms.offers}
    offer = _chosen(terms.offers, method)
    return Quote(
        wanted=tuple(wanted),
        rates=tuple(line.tax_basis_points for line in goods),
        totals=rules.price(goods, discount, priced[offer.code]),
        coupon=coupon,
        offer=offer,
        offers=tuple((each, priced[each.code].for_goods(after_discount)) for each in terms.offers),
        currency=currency,
        country=country,
    )


def _price(variant: PricedVariant) -> MoneyOut:
    if variant.price is None:
        raise errors.NotSellable(lines=[{"variant_id": variant.variant_id, "sku": variant.sku}])
    return variant.price


def _chosen(offers: Sequence[Offer], method: str | None) -> Offer:
    if method is None:
        return offers[0]
    found = next((offer for offer in offers if offer.code == method), None)
    if found is None:
        raise errors.UnknownShippingMethod
    return found


async def _coupon(
    db: Database, *, code: str | None, currency: str, subtotal: int, redeemer: str | None
) -> CouponRow | None:
    if code is None:
        return None
    found = await queries.coupon(db, code=code, redeemer=redeemer)
    if found is None or found.currency not in (None, currency):
        raise errors.CouponInvalid("unknown_coupon", "There is no such coupon.")
    if not found.in_time:
        raise errors.CouponInvalid("coupon_expired", "This coupon is not valid today.")
    if (found.left is not None and found.left <= 0) or (
        found.left_for_redeemer is not None and found.left_for_redeemer <= 0
    ):
        raise errors.CouponInvalid("coupon_used_up", "This coupon has been used already.")
    if not found.discount.applies(subtotal):
        raise errors.CouponInvalid("coupon_minimum", "There are not enough goods for this coupon.")
    return found


def quote_out(quote: Quote) -> QuoteOut:
    """The quote on the wire."""

    def _money(amount: int) -> MoneyOut:
        return MoneyOut(amount=amount, currency=quote.currency)

    totals = quote.totals
    return QuoteOut(
        currency=quote.currency,
        country=quote.country,
        lines=[
            QuoteLineOut(
                sku=line.variant.sku,
                variant_id=line.variant.variant_id,
                name=line.variant.name,
                options=rules.options_label(line.variant.options),
                quantity=line.quantity,
                unit_price=_price(line.variant),
                discount=_money(priced.discount),
                tax=_money(priced.tax),
                total=_money(priced.total),
                available=line.variant.available,
                sellable=line.variant.sellable,
                image=line.variant.image,
            )
            for line, priced in zip(quote.wanted, totals.lines, strict=True)
        ],
        subtotal=_money(totals.subtotal),
        discount=_money(totals.discount),
        shipping=_money(totals.shipping),
        tax=_money(totals.tax),
        total=_money(totals.total),
        tax_included=True,
        coupon=quote.coupon.code if quote.coupon else None,
        shipping_method=quote.offer.code,
        shipping_methods=[
            ShippingOffer(code=offer.code, name=offer.name, price=_money(price), estimate=offer.estimate)
            for offer, price in quote.offers
        ],
    )
