"""Reading, waiting for, editing and cancelling one order."""

import asyncio
from contextlib import suppress
from uuid import UUID

import asyncpg

from chassis.errors import PreconditionFailed
from orders.lifecycle import errors
from orders.lifecycle.queries import changing, reading
from orders.lifecycle.queries import saga as saga_queries
from orders.lifecycle.queries.reading import Viewer
from orders.lifecycle.schemas import OrderPut
from orders.lifecycle.states import IN_MOTION, Reason, Status, Step
from orders.shop import Shop

LOOK_SECONDS = 0.5
"""How often one who waits reads an order that another process may be moving."""


async def read(shop: Shop, order_id: UUID, viewer: Viewer) -> asyncpg.Record:
    """The order. Raises OrderNotFound, also for an order that is not the viewer's."""
    row = await reading.read(shop.db, order_id, viewer)
    if row is None:
        raise errors.OrderNotFound
    return row


async def wait(shop: Shop, order_id: UUID, viewer: Viewer, *, seconds: float) -> asyncpg.Record:
    """The order, once it has moved, or can not be expected to, or the time is over. Raises OrderNotFound.

    While it awaits payment the provider is asked, so that a shopper who is back sees their payment arrive.
    """
    with shop.saga.watchers.watching(order_id) as moved:
        row = await read(shop, order_id, viewer)
        if row["status"] not in IN_MOTION or seconds <= 0:
            return row
        if row["step"] == Step.AWAITING_PAYMENT:
            await shop.saga.look(order_id)
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(moved.wait(), min(left, LOOK_SECONDS))
            moved.clear()
            if await reading.version(shop.db, order_id) != row["version"]:
                break
    return await read(shop, order_id, viewer)


async def cancel(shop: Shop, order_id: UUID, viewer: Viewer, *, actor: str | None) -> bool:
    """The order is canceling, or was canceled before; whether it was before.

    The provider decides: what is not paid is voided, what is paid is refunded, then the stock is freed.
    Raises OrderNotFound, NotCancelable.
    """
    reason = Reason.STAFF if viewer.staff else Reason.CUSTOMER
    lease = shop.saga.new_lease(order_id)
    ours = await changing.ask_to_cancel(
        shop.db, lease, viewer, reason=reason, actor=actor, lease_seconds=shop.settings.lease_seconds
    )
    if ours is None:
        row = await read(shop, order_id, viewer)
        if row["status"] not in (Status.CANCELING, Status.CANCELED):
            raise errors.NotCancelable(
                f"A {row['status']} order cannot become canceling.",
                from_status=row["status"],
                to_status=Status.CANCELING.value,
            )
        return bool(row["status"] == Status.CANCELED)
    shop.saga.watchers.tell(order_id)
    if ours:
        await asyncio.wait({shop.saga.start(lease)}, timeout=shop.settings.inline_seconds)
    return False


async def edit(
    shop: Shop, order_id: UUID, viewer: Viewer, wanted: OrderPut, *, version: int | None, actor: str | None
) -> asyncpg.Record:
    """The order with these addresses and this note.

    Raises OrderNotFound, CountryFixed, NotEditable, PreconditionFailed.
    """
    billing = wanted.billing_address
    edited = await changing.edit(
        shop.db,
        order_id,
        viewer,
        expected_version=version,
        shipping_address=wanted.shipping_address.stored(),
        billing_address=billing.stored() if billing else None,
        note=wanted.note,
        actor=actor,
    )
    row = await read(shop, order_id, viewer)
    if edited:
        return row
    if row["status"] not in (Status.PENDING, Status.CONFIRMED) or row["fulfillment_status"] != "unfulfilled":
        raise errors.NotEditable(f"The order is {row['status']} and {row['fulfillment_status']}.")
    if row["shipping_address"]["country"] != wanted.shipping_address.country:
        raise errors.CountryFixed
    raise PreconditionFailed


async def retry(shop: Shop, order_id: UUID, *, actor: str) -> None:
    """The order's step is being tried afresh. Raises OrderNotFound."""
    lease = shop.saga.new_lease(order_id)
    ours = await saga_queries.retry(shop.db, lease, lease_seconds=shop.settings.lease_seconds, actor=actor)
    if ours is None:
        raise errors.OrderNotFound
    if ours:
        await asyncio.wait({shop.saga.start(lease)}, timeout=shop.settings.inline_seconds)
