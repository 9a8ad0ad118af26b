"""Why an order cannot be placed."""

from typing import Any

from chassis.errors import Conflict, FieldError, Invalid, TooManyRequests


class CartEmpty(Conflict):
    code = "cart_empty"
    title = "There is nothing in the cart"


class PriceChanged(Conflict):
    """`quote`: what it costs now, as `POST /quotes` answers it."""

    code = "price_changed"
    title = "The total is another one now"


class OutOfStock(Conflict):
    """`lines`: variant_id, sku, requested, available of each line in want; `order_id`, `number` of the failed order."""

    code = "out_of_stock"
    title = "Some articles are not there in this number any more"


class PaymentRefused(Conflict):
    """`order_id`, `number`: of the failed order."""

    code = "payment_refused"
    title = "The payment provider will not take this payment"


class OrderInProgress(Conflict):
    """The cart is being paid already, with other contents or terms.

    `order_id`, `number`; `order_token` for guests; `links`: `pay` (a page), `change` (`DELETE` it to order anew).
    """

    code = "order_in_progress"
    title = "An order of this cart is waiting for its payment"


class TooManyOpenOrders(TooManyRequests):
    code = "too_many_open_orders"
    title = "Pay or cancel an order first: too many are waiting for payment"

    def __init__(self) -> None:
        super().__init__(self.title, retry_after=60)


class ForeignReturnUrl(Invalid):
    code = "foreign_return_url"
    title = "Shoppers are only sent back to this shop"

    def __init__(self) -> None:
        error = FieldError("/return_url", "foreign_return_url", "must be on this shop's origin")
        super().__init__(errors=[error])


FAILURES: dict[str, type[Conflict]] = {"out_of_stock": OutOfStock, "payment_refused": PaymentRefused}
"""The code of an order's failure → the answer to whoever placed it."""


def failed(failure: dict[str, Any], *, order_id: object, number: str) -> Conflict:
    """The refusal that an order's stored failure means."""
    kind = FAILURES.get(failure["code"], PaymentRefused)
    return kind(order_id=order_id, number=number, lines=failure.get("lines", []))
