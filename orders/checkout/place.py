"""Places an order: asks cart and products, compares the price, writes it all at once, and goes on to the payment."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import orjson

from chassis import idempotency
from chassis.errors import Problem, Unavailable
from chassis.idempotency import Keyed
from chassis.schemas import Locale
from chassis.telemetry import log
from orders.checkout import errors, queries
from orders.checkout.draft import new_order, redeemer, terms_hash, total
from orders.checkout.queries import Existing, NewOrder, Placing
from orders.checkout.schemas import OrderPost
from orders.clients.cart import Cart, Proof
from orders.lifecycle.queries.saga import Lease
from orders.pricing.errors import CouponInvalid, NotSellable
from orders.pricing.service import Quote, Wanted, quote, quote_out
from orders.shop import Shop

PLACING_TRIES = 5


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that answers a wish to order; `anew` is false when it was there before."""

    order_id: UUID
    anew: bool


async def place_order(
    shop: Shop, wanted: OrderPost, *, proof: Proof, locale: Locale, key: Keyed | None
) -> Placed:
    """The order is there, and as far as it came within `inline_seconds`. One order per version of a cart.

    Raises what stands against it: CartNotFound, CartEmpty, NotSellable, PriceChanged, OrderInProgress,
    TooManyOpenOrders, ForeignReturnUrl, the errors of `quote`, KeyReused, KeyInFlight, RemoteUnavailable.
    """
    if (recorded := await idempotency.recorded(shop.db, key)) is not None:
        return Placed(_order_of(recorded), anew=False)
    return_url = _return_url(shop, wanted)
    cart = await shop.carts.read(wanted.cart_id, proof)
    hashed = terms_hash(wanted)
    if (found := await _same_order(shop, cart, hashed, proof)) is not None:
        return found
    if not cart.items:
        raise errors.CartEmpty
    try:
        priced = await _quote(shop, wanted, cart, proof=proof, locale=locale)
        _compare(wanted, priced)
        return await _write(
            shop, wanted, cart, priced, proof=proof, locale=locale, return_url=return_url, key=key
        )
    except (CouponInvalid, errors.PriceChanged):
        # The first of two equal requests may have redeemed the coupon that the second finds used up.
        if (found := await _same_order(shop, cart, hashed, proof)) is not None:
            return found
        raise


async def _quote(shop: Shop, wanted: OrderPost, cart: Cart, *, proof: Proof, locale: Locale) -> Quote:
    currency = shop.settings.currency
    prices = await shop.products.prices(
        variants=[item.variant_id for item in cart.items], currency=currency, locale=locale
    )
    known = {item.variant_id: item for item in prices.items if item.sellable and item.price is not None}
    gone = [item for item in cart.items if item.variant_id not in known]
    if gone:
        raise NotSellable(lines=[{"variant_id": item.variant_id, "sku": item.sku} for item in gone])
    return await quote(
        shop.db,
        [Wanted(known[item.variant_id], item.quantity) for item in cart.items],
        currency=currency,
        country=wanted.shipping_address.country,
        locale=locale,
        coupon_code=wanted.coupon,
        method=wanted.shipping_method,
        redeemer=redeemer(proof, wanted.email),
        country_pointer="/shipping_address/country",
    )


def _compare(wanted: OrderPost, priced: Quote) -> None:
    """Raises PriceChanged when the shopper agreed to another total."""
    if wanted.expected_total is not None and wanted.expected_total.money() != total(priced):
        raise errors.PriceChanged(quote=quote_out(priced).model_dump(mode="json"))


async def _write(
    shop: Shop,
    wanted: OrderPost,
    cart: Cart,
    priced: Quote,
    *,
    proof: Proof,
    locale: Locale,
    return_url: str,
    key: Keyed | None,
) -> Placed:
    """O1 and what follows from it, tried again when an equal right was quicker."""
    for _ in range(PLACING_TRIES):
        new = new_order(shop, wanted, cart, priced, proof=proof, locale=locale, return_url=return_url)
        lease = shop.saga.new_lease(new.saga.id)
        found: Placed | None
        try:
            found = await _commit(shop, new, lease, key)
        except asyncpg.UniqueViolationError as clash:
            if clash.constraint_name in queries.RACES:
                continue
            found = await _same_order(shop, cart, new.terms_hash, proof)
        if found is not None and found.anew:
            log.info("order.placed", order_id=found.order_id, total=new.saga.total.amount)
            task = shop.saga.start(lease, new.saga)
            await asyncio.wait({task}, timeout=shop.settings.inline_seconds)
        if found is not None:
            return found
    raise Unavailable("Too many orders at once.")


async def _commit(shop: Shop, new: NewOrder, lease: Lease, key: Keyed | None) -> Placed:
    if key is None:
        placing = await queries.place(shop.db, new, lease)
        _refuse(placing)
        return Placed(new.saga.id, anew=True)
    async with shop.db.transaction() as connection:
        recorded = await idempotency.claim(connection, key)
        if recorded is not None:
            return Placed(_order_of(recorded), anew=False)
        _refuse(await queries.place(connection, new, lease))
        body = orjson.dumps({"order_id": str(new.saga.id)})
        await idempotency.record(connection, key, status=201, body=body)
    return Placed(new.saga.id, anew=True)


def _refuse(placing: Placing) -> None:
    """Raises what the statement said stands against the order."""
    problems: dict[Placing, Problem] = {
        Placing.TOO_MANY_OPEN: errors.TooManyOpenOrders(),
        Placing.COUPON_GONE: CouponInvalid("coupon_used_up", "This coupon has been used already."),
    }
    if placing in problems:
        raise problems[placing]


async def _same_order(shop: Shop, cart: Cart, hashed: bytes, proof: Proof) -> Placed | None:
    """The order of this cart as it is now. Raises OrderInProgress when the cart's live order is another one."""
    found = await queries.existing(shop.db, cart_id=cart.id, cart_version=cart.version)
    if found is None:
        return None
    if found.same_version and found.terms_hash == hashed:
        return Placed(found.id, anew=False)
    raise _in_progress(shop, found, proof)


def _in_progress(shop: Shop, found: Existing, proof: Proof) -> errors.OrderInProgress:
    is_guests = found.customer_id is None and proof.customer_id is None
    page = f"{shop.settings.public_origin}/orders/{found.id}"
    token = shop.tokens.token(found.id) if is_guests else None
    return errors.OrderInProgress(
        order_id=found.id,
        number=found.number,
        order_token=token,
        links={"pay": found.payment_url or page, "change": f"/orders/{found.id}"},
    )


def _order_of(recorded: idempotency.Recorded) -> UUID:
    return UUID(orjson.loads(recorded.body)["order_id"])


def _return_url(shop: Shop, wanted: OrderPost) -> str:
    """The address asked for, empty without. Raises ForeignReturnUrl."""
    if wanted.return_url is None:
        return ""
    try:
        parts = urlsplit(wanted.return_url)
        origin = f"{parts.scheme}://{parts.netloc}".lower()
    except ValueError as error:
        raise errors.ForeignReturnUrl from error
    if origin not in shop.settings.origins:
        raise errors.ForeignReturnUrl
    return wanted.return_url
