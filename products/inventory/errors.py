"""Why stock cannot be promised or changed."""

import orjson

from chassis.errors import Conflict, Gone, Invalid, NotFound

OUT_OF_STOCK = "SHOP1"
"""The SQLSTATE that the stock functions raise, with the shortages as JSON in its detail."""


class OutOfStock(Conflict):
    """`shortages` names each line that cannot be had: variant_id, sku, requested, available."""

    code = "out_of_stock"
    title = "Not all of it is available"

    def __init__(self, shortages: str = "[]") -> None:
        super().__init__(shortages=orjson.loads(shortages))


class ReservationReleased(Gone):
    code = "reservation_released"
    title = "This order's reservation is closed"


class ReservationFulfilled(Conflict):
    code = "reservation_fulfilled"
    title = "This order's goods have left the house"


class ReservationNotFound(NotFound):
    code = "reservation_not_found"
    title = "Nothing was ever reserved for this order"


class IdReused(Invalid):
    code = "id_reused"
    title = "This id stands for another request already"


class StockNotFound(NotFound):
    code = "sku_not_found"
    title = "There is no such SKU"


class StockBelowZero(Conflict):
    code = "stock_below_zero"
    title = "There are fewer on hand than should be taken away"
