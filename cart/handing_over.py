"""What other services do with carts: read one for an order, take out what was ordered, merge at sign-in.

Both writes are on an id that the caller chose: repeated, they change nothing and answer the same.
"""

import hashlib
from uuid import UUID

from cart import queries
from cart.contents import Cart
from cart.errors import IdReused
from cart.schemas import MergedPiecesOut, MergeIn, MergeOut, OrderedIn
from cart.shoppers import Shopper, hash_secret
from chassis.database import Connection, Database
from chassis.errors import NotFound
from chassis.telemetry import log


class _MergedMeanwhile(Exception):
    """The cart went into another one after we looked where it is: look again."""


async def contents(db: Database, *, cart_id: UUID, shopper: Shopper) -> Cart:
    """The cart, if it is this shopper's and open. Raises NotFound."""
    cart = await queries.open_cart(db, cart_id, shopper)
    if cart is None:
        raise NotFound
    return cart


async def take_out_ordered(db: Database, *, order_id: UUID, ordered: OrderedIn) -> None:
    """What the order took is not in the cart any more, what was added meanwhile is. Once per order.

    A guest's cart that was merged is followed into the customer's. A cart that is gone (swept) is no error:
    there is nothing to take out. Raises IdReused.
    """
    while True:
        try:
            await _take_out(db, order_id, ordered, await queries.where_it_went(db, ordered.cart_id))
        except _MergedMeanwhile:
            continue
        return


async def _take_out(db: Database, order_id: UUID, ordered: OrderedIn, cart_id: UUID) -> None:
    fingerprint = hashlib.sha256(ordered.model_dump_json().encode()).digest()
    async with db.transaction() as connection:
        if not await queries.record_ordered(
            connection, order_id=order_id, cart_id=ordered.cart_id, fingerprint=fingerprint
        ):
            if not await queries.same_order(connection, order_id=order_id, fingerprint=fingerprint):
                raise IdReused
            return
        if await queries.touch_open_cart(connection, cart_id):
            pieces = [(line.variant_id, line.quantity) for line in ordered.lines]
            await queries.subtract(connection, cart_id=cart_id, pieces=pieces)
        elif await queries.where_it_went(connection, cart_id) != cart_id:
            raise _MergedMeanwhile


async def merge(db: Database, *, merge_id: UUID, wanted: MergeIn) -> MergeOut:
    """The guest's lines are in the customer's cart, sums at most 999, and the guest's secret opens nothing.

    All of it or nothing, once: whoever else merges the same guest's cart, under any id, moves nothing.
    A secret that opens nothing is no error. Raises IdReused.
    """
    secret_hash = hash_secret(wanted.cart_token)
    fingerprint = hashlib.sha256(secret_hash + wanted.customer_id.bytes).digest()
    async with db.transaction() as connection:
        if not await queries.record_merge(connection, merge_id, fingerprint):
            return await _recorded(connection, merge_id, fingerprint)
        receipt = await _merge(connection, secret_hash, wanted.customer_id)
        await queries.record_receipt(connection, merge_id, receipt.model_dump(mode="json"))
    log.info("cart.merged", merge_id=merge_id, cart_id=receipt.cart_id, lines=len(receipt.merged))
    return receipt


async def _recorded(connection: Connection, merge_id: UUID, fingerprint: bytes) -> MergeOut:
    recorded = await queries.merge_receipt(connection, merge_id)
    if recorded is None or recorded.fingerprint != fingerprint:
        raise IdReused
    return MergeOut.model_validate(recorded.receipt)


async def _merge(connection: Connection, secret_hash: bytes, customer_id: UUID) -> MergeOut:
    guest_cart = await queries.guest_cart_id(connection, secret_hash)
    if guest_cart is not None:
        await queries.ensure_customer_cart(connection, customer_id)
    guest_cart, customer_cart = await queries.lock_carts(
        connection, guest_cart=guest_cart, customer_id=customer_id
    )
    if guest_cart is None or customer_cart is None:
        return MergeOut(cart_id=customer_cart, merged=[])
    moved = await queries.bring_over(connection, guest_cart=guest_cart, customer_cart=customer_cart)
    await queries.close_merged(connection, guest_cart=guest_cart, customer_cart=customer_cart)
    return MergeOut(cart_id=customer_cart, merged=[MergedPiecesOut.model_validate(line) for line in moved])
