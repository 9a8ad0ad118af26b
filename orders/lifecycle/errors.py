"""Why an order cannot be shown or changed."""

from chassis.errors import Conflict, FieldError, Invalid, NotFound


class OrderNotFound(NotFound):
    code = "order_not_found"
    title = "There is no such order, or it is not yours"


class NotCancelable(Conflict):
    """`from_status` and `to_status` name both states."""

    code = "order_not_cancelable"
    title = "This order cannot be canceled any more"


class NotEditable(Conflict):
    code = "order_not_editable"
    title = "This order cannot be changed any more"


class CountryFixed(Invalid):
    code = "country_fixed"
    title = "The country of delivery cannot change: price and tax were made for it"

    def __init__(self) -> None:
        error = FieldError("/shipping_address/country", "country_fixed", "must stay as it is")
        super().__init__(errors=[error])
