"""`POST /quotes`."""

from chassis.languages import Language
from chassis.openapi import responses
from chassis.routing import Router
from orders.deps import ShopDep
from orders.pricing import errors
from orders.pricing.schemas import QuoteIn, QuoteOut
from orders.pricing.service import Wanted, quote, quote_out

router = Router(tags=["Quotes"])


@router.post(
    "/quotes",
    summary="What would it cost?",
    responses=responses(
        errors.UnknownSku,
        errors.CouponInvalid,
        errors.UnknownShippingMethod,
        errors.NotDelivered,
        errors.AmountTooLarge,
        errors.NotSellable,
    ),
)
async def make_quote(asked: QuoteIn, shop: ShopDep, locale: Language) -> QuoteOut:
    """Prices, discounts, delivery and the tax contained in them, for a country. Nothing is kept.

    Without `shipping_method` the first way of delivery is taken into the total; all are listed with their price.
    """
    prices = await shop.products.prices(
        skus=[line.sku for line in asked.lines], currency=shop.settings.currency, locale=locale
    )
    known = {item.sku: item for item in prices.items}
    if unknown := [f"/lines/{at}/sku" for at, line in enumerate(asked.lines) if line.sku not in known]:
        raise errors.UnknownSku(unknown)
    found = await quote(
        shop.db,
        [Wanted(known[line.sku], line.quantity) for line in asked.lines],
        currency=shop.settings.currency,
        country=asked.country,
        locale=locale,
        coupon_code=asked.coupon,
        method=asked.shipping_method,
    )
    return quote_out(found)
