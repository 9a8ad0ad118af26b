"""Shapes of stock and reservations on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from chassis.pagination import Page
from chassis.schemas import Line, Out, Prose, Quantity, StrictIn, Timestamp, Uuid
from products import examples

LARGEST_ADJUSTMENT = 10**9


def _not_zero(delta: int) -> int:
    if delta == 0:
        raise PydanticCustomError("zero", "must not be zero")
    return delta


class AdjustmentIn(StrictIn):
    """Goods that came or went outside of orders."""

    delta: Annotated[
        int,
        Field(ge=-LARGEST_ADJUSTMENT, le=LARGEST_ADJUSTMENT, examples=[-2]),
        AfterValidator(_not_zero),
    ]
    reason: Annotated[Line, Field(examples=["broken in the warehouse"])]


class MovementOut(Out):
    """One change of the counters: what it changed, and what they were afterwards."""

    id: int
    kind: Annotated[str, Field(examples=["adjust"])]
    cause: Annotated[str, Field(description="Who wanted it: order, staff, product, …", examples=["staff"])]
    cause_id: UUID
    actor: Annotated[str, Field(description="The account of the staff member, if one did it.")]
    reason: str
    change_on_hand: int
    change_held: int
    change_allocated: int
    change_shortage: int
    on_hand_after: int
    held_after: int
    allocated_after: int
    shortage_after: int
    at: Timestamp


class StockOut(Out):
    """The counters of a variant, and why they are what they are: its movements, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STOCK]})

    sku: str
    variant_id: UUID
    product_id: UUID
    on_hand: int
    held: Annotated[int, Field(description="Promised to orders that are not paid yet.")]
    allocated: Annotated[int, Field(description="Promised to paid orders, not sent yet.")]
    shortage: Annotated[int, Field(description="Promised, but lost meanwhile.")]
    available: Annotated[int, Field(description="What can still be promised.")]
    backorder: bool
    version: int
    movements: Page[MovementOut]


class ReservationLineIn(StrictIn):
    """So many of a variant."""

    variant_id: Uuid
    quantity: Quantity


class ReservationIn(StrictIn):
    """What an order wants to hold, and for how long. Lines of one variant are added up."""

    lines: Annotated[list[ReservationLineIn], Field(min_length=1, max_length=500)]
    ttl_seconds: Annotated[int, Field(ge=1, le=30 * 24 * 3600, examples=[2700])]


class ReleaseIn(StrictIn):
    """Why the goods are given back."""

    reason: Annotated[Prose, Field(max_length=200, examples=["deadline"])] = ""


class CommitIn(StrictIn):
    """Nothing further."""


class ReservationLineOut(Out):
    """So many of a variant."""

    variant_id: UUID
    sku: str
    quantity: int


class ReservationOut(Out):
    """What an order was promised. `state`: held, allocated, released, expired or fulfilled."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RESERVATION]})

    order_id: UUID
    state: Annotated[str, Field(examples=["held"])]
    lines: list[ReservationLineOut]
