"""The arithmetic of carts. No I/O."""

from cart.clients.products import Offer, Offers
from cart.contents import Cart, Line
from cart.schemas import CartOut, ItemOut
from chassis.money import Money
from chassis.schemas import MoneyOut


def priced(cart: Cart | None, offers: Offers, *, currency: str) -> CartOut:
    """The cart as its shopper sees it. No cart: an empty one, at version 0.

    A line that products said nothing about has no price and no availability, and there is no subtotal. A line
    that products no longer sells stays, with nothing available and without a price, and does not count. A line
    that is short or sold out keeps its price and counts: the checkout decides.
    """
    if cart is None:
        return CartOut(id=None, version=0, items=[], subtotal=MoneyOut.of(Money(0, currency)), note="")
    return CartOut(
        id=cart.id,
        version=cart.version,
        items=[_item(line, offers) for line in cart.lines],
        subtotal=_subtotal(cart, offers, currency),
        note=cart.note,
    )


def line_total(line: Line, offer: Offer | None) -> Money | None:
    """What the line costs; None when it is not for sale."""
    return unit_price * line.quantity if (unit_price := _unit_price(offer)) is not None else None


def _unit_price(offer: Offer | None) -> Money | None:
    return offer.price.money() if offer is not None and offer.is_for_sale and offer.price else None


def _subtotal(cart: Cart, offers: Offers, currency: str) -> MoneyOut | None:
    subtotal = Money(0, currency)
    for line in cart.lines:
        if line.variant_id not in offers.by_variant:
            return None
        subtotal += line_total(line, offers.by_variant[line.variant_id]) or Money(0, currency)
    return MoneyOut.of(subtotal)


def _item(line: Line, offers: Offers) -> ItemOut:
    offer = offers.by_variant.get(line.variant_id)
    price, total = _unit_price(offer), line_total(line, offer)
    return ItemOut(
        id=line.id,
        sku=line.sku,
        variant_id=line.variant_id,
        quantity=line.quantity,
        product_id=offer.product_id if offer else None,
        slug=offer.slug if offer else None,
        name=offer.name if offer else None,
        options=offer.options if offer else {},
        image=offer.image if offer else None,
        unit_price=MoneyOut.of(price) if price else None,
        compare_at=offer.compare_at if offer and price else None,
        line_total=MoneyOut.of(total) if total else None,
        available=_available(line, offers),
        backorder=offer.backorder if offer is not None and offer.is_for_sale else False,
    )


def _available(line: Line, offers: Offers) -> int | None:
    if line.variant_id not in offers.by_variant:
        return None
    offer = offers.by_variant[line.variant_id]
    return offer.available if offer is not None and offer.is_for_sale else 0
