"""What a shopper does: look, add, change, remove. A refused change has changed nothing.

A change is one guarded statement; what the answer shows is read after it, so it may show later changes too.
"""

from dataclasses import dataclass
from uuid import UUID

from cart import queries
from cart.clients.products import NO_OFFERS, Offer, Products, Wanted
from cart.contents import MOST_LINES, Cart
from cart.errors import CartFull, NotForSale, UnknownVariant
from cart.rules import priced
from cart.schemas import AddIn, CartOut
from cart.shoppers import Shopper, new_secret
from chassis import idempotency
from chassis.database import Connection, Database
from chassis.errors import NotFound, PreconditionFailed
from chassis.http import RemoteUnavailable
from chassis.idempotency import Keyed, Recorded
from chassis.schemas import Locale


@dataclass(frozen=True, slots=True)
class Added:
    """The cart after an addition; `secret` is a new guest's, told this once."""

    cart: CartOut
    secret: str | None = None


async def show(cart: Cart | None, products: Products, *, language: Locale) -> CartOut:
    """The cart with what products says of it now; without prices when products does not answer."""
    wanted = [Wanted(variant_id=line.variant_id) for line in cart.lines] if cart else []
    try:
        offers = await products.offers(wanted, language=language)
    except RemoteUnavailable:
        offers = NO_OFFERS
    return priced(cart, offers, currency=products.currency)


async def add(
    db: Database,
    products: Products,
    *,
    shopper: Shopper,
    addition: AddIn,
    expected_version: int | None,
    keyed: Keyed | None,
    language: Locale,
) -> Added | Recorded:
    """So many pieces more of the variant are in the shopper's cart, at most 999; a newcomer gets a cart for it.

    Who shows a secret that opens nothing (swept, merged, invented) is a newcomer: the new cart has a new
    secret, never the one that was shown. Repeating with the same key adds once.
    Raises UnknownVariant, NotForSale, CartFull, PreconditionFailed, RemoteUnavailable, KeyReused, KeyInFlight.
    """
    if (recorded := await idempotency.recorded(db, keyed)) is not None:
        return recorded
    before = await queries.find_cart(db, shopper) if shopper.principal else None
    wanted = Wanted(sku=addition.sku, variant_id=addition.variant_id)
    inside = [Wanted(variant_id=line.variant_id) for line in before.lines] if before else []
    offers = await products.offers([wanted, *inside], language=language)
    offer = _for_sale(offers.of(wanted), wanted)
    if before is None and shopper.customer_id is None:
        secret = new_secret()
        cart = await _first_of_guest(db, Shopper.guest(secret), offer, addition.quantity, expected_version)
        return Added(priced(cart, offers, currency=products.currency), secret)
    async with db.transaction() as connection:
        if (recorded := await idempotency.claim(connection, keyed)) is not None:
            return recorded
        await _put_in(connection, shopper, offer, addition.quantity, expected_version)
        after = await queries.find_cart(connection, shopper)
        answer = priced(after, offers, currency=products.currency)
        await idempotency.record(connection, keyed, status=201, body=answer.as_json())
    return Added(answer)


async def set_quantity(
    db: Database, *, shopper: Shopper, line_id: UUID, quantity: int, expected_version: int | None
) -> Cart:
    """The line has this many pieces. Raises NotFound (also for another's line), PreconditionFailed."""
    changed = await queries.set_quantity(
        db, shopper, line_id, quantity=quantity, expected_version=expected_version
    )
    cart = await queries.find_cart(db, shopper)
    if not changed and cart is not None and cart.line(line_id) is not None:
        raise PreconditionFailed
    if not changed or cart is None:
        raise NotFound
    return cart


async def remove(db: Database, *, shopper: Shopper, line_id: UUID, expected_version: int | None) -> Cart:
    """The line is gone. Raises NotFound (also for another's line, and one that is gone), PreconditionFailed."""
    removed = await queries.remove_line(db, shopper, line_id, expected_version=expected_version)
    cart = await queries.find_cart(db, shopper)
    if not removed and cart is not None and cart.line(line_id) is not None:
        raise PreconditionFailed
    if not removed or cart is None:
        raise NotFound
    return cart


async def empty(db: Database, *, shopper: Shopper, expected_version: int | None) -> Cart | None:
    """Nothing is in the cart, nor was there one. Repeating is safe. Raises PreconditionFailed."""
    emptied = await queries.empty_cart(db, shopper, expected_version=expected_version)
    cart = await queries.find_cart(db, shopper)
    if not emptied and cart is not None:
        raise PreconditionFailed
    return cart


async def set_note(db: Database, *, shopper: Shopper, note: str, expected_version: int | None) -> Cart:
    """The cart has this note. Raises NotFound without a cart, PreconditionFailed."""
    noted = await queries.set_note(db, shopper, note=note, expected_version=expected_version)
    cart = await queries.find_cart(db, shopper)
    if cart is None:
        raise NotFound("There is no cart yet: add something first.")
    if not noted:
        raise PreconditionFailed
    return cart


def _for_sale(offer: Offer | None, wanted: Wanted) -> Offer:
    if offer is None:
        raise UnknownVariant.named_by("sku" if wanted.sku is not None else "variant_id")
    if not offer.is_for_sale:
        raise NotForSale
    return offer


async def _first_of_guest(
    db: Database, guest: Shopper, offer: Offer, quantity: int, expected_version: int | None
) -> Cart | None:
    if expected_version:
        raise PreconditionFailed
    return await queries.create_cart(db, guest, variant_id=offer.variant_id, sku=offer.sku, quantity=quantity)


async def _put_in(
    connection: Connection, shopper: Shopper, offer: Offer, quantity: int, expected_version: int | None
) -> None:
    """The pieces are in the shopper's cart, made for it if a customer had none. Raises why they are not."""
    while not await queries.add_line(
        connection,
        shopper,
        variant_id=offer.variant_id,
        sku=offer.sku,
        quantity=quantity,
        expected_version=expected_version,
    ):
        cart = await queries.find_cart(connection, shopper)
        if expected_version is not None and expected_version != (cart.version if cart else 0):
            raise PreconditionFailed
        if cart is not None and len(cart.lines) >= MOST_LINES:
            raise CartFull
        if cart is None and shopper.customer_id is None:
            raise NotFound("This cart went into another one this moment.")
        if cart is None and await queries.create_cart(
            connection, shopper, variant_id=offer.variant_id, sku=offer.sku, quantity=quantity
        ):
            return
