"""The stock of a variant, for staff."""

from datetime import datetime

from frontend.clients.asking import Shape


class Movement(Shape):
    """One change of a variant's stock: what it changed and what was on hand afterwards."""

    kind: str
    reason: str
    change_on_hand: int
    change_held: int
    change_allocated: int
    on_hand_after: int
    at: datetime


class MovementList(Shape):
    """The newest movements first."""

    items: list[Movement]


class Stock(Shape):
    """The counters of a variant."""

    sku: str
    on_hand: int
    held: int
    allocated: int
    shortage: int
    available: int
    movements: MovementList
