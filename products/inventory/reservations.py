"""Promising stock to orders: `PUT /internal/reservations/{order_id}` and its commit and release."""

import hashlib
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import Depends, Path, Response

from chassis.auth import OneOf
from chassis.errors import Forbidden
from chassis.openapi import responses
from chassis.routing import Router
from chassis.telemetry import log
from products.answering import as_json
from products.deps import Shop
from products.inventory import queries
from products.inventory.errors import (
    IdReused,
    OutOfStock,
    ReservationFulfilled,
    ReservationNotFound,
    ReservationReleased,
)
from products.inventory.schemas import (
    CommitIn,
    ReleaseIn,
    ReservationIn,
    ReservationLineOut,
    ReservationOut,
)

router = Router(
    prefix="/internal/reservations/{order_id}",
    tags=["between services"],
    dependencies=[Depends(OneOf("orders"))],
)

OrderId = Annotated[UUID, Path(description="The order's id.")]


@router.put(
    "",
    summary="Hold stock for an order",
    description=(
        "All lines or none. The same id and body answer the reservation as it is now; "
        "an order that was released (or expired) before gets 410. For orders."
    ),
    responses=responses(Forbidden, OutOfStock, ReservationReleased, IdReused),
    response_model=ReservationOut,
)
async def reserve(order_id: OrderId, shop: Shop, body: ReservationIn) -> Response:
    wanted: dict[UUID, int] = {}
    for line in body.lines:
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    variants = sorted(wanted)
    seconds = min(body.ttl_seconds, shop.settings.longest_hold_seconds)
    body_hash = hashlib.sha256(body.model_dump_json().encode()).digest()
    found = await queries.reserve(
        shop.db,
        order_id,
        variants=variants,
        quantities=[wanted[variant] for variant in variants],
        seconds=seconds,
        body_hash=body_hash,
    )
    if found["state"] in ("released", "expired"):
        raise ReservationReleased
    if not found["same_body"]:
        raise IdReused
    return _answer(order_id, found)


@router.put(
    "/commit",
    summary="Allocate what is held",
    description=(
        "The point of no return of a paid order. Works past the expiry while the goods are still held; "
        "when the hold was swept they are taken anew, if there are enough. For orders."
    ),
    responses=responses(Forbidden, OutOfStock, ReservationReleased, ReservationNotFound),
    response_model=ReservationOut,
)
async def commit(order_id: OrderId, shop: Shop, body: CommitIn) -> Response:
    found = await queries.commit(shop.db, order_id)
    if found["state"] is None:
        raise ReservationNotFound
    if found["state"] == "released":
        raise ReservationReleased
    log.info("stock.allocated", order_id=str(order_id))
    return _answer(order_id, found)


@router.put(
    "/release",
    summary="Give back what an order held",
    description=(
        "Held or allocated goods are available again. An unknown order leaves a tombstone, so that a late "
        "reservation is refused. For orders."
    ),
    responses=responses(Forbidden, ReservationFulfilled),
    response_model=ReservationOut,
)
async def release(order_id: OrderId, shop: Shop, body: ReleaseIn) -> Response:
    found = await queries.release(shop.db, order_id, reason=body.reason)
    if found["state"] == "fulfilled":
        raise ReservationFulfilled
    log.info("stock.released", order_id=str(order_id))
    return _answer(order_id, found)


def _answer(order_id: UUID, found: asyncpg.Record) -> Response:
    lines = [ReservationLineOut(**line) for line in found["lines"]]
    return as_json(ReservationOut(order_id=order_id, state=found["state"], lines=lines), headers={})
