"""Why a quote cannot be given."""

from chassis.errors import Conflict, FieldError, Invalid


class UnknownSku(Invalid):
    code = "unknown_sku"
    title = "Some of these articles do not exist"

    def __init__(self, pointers: list[str]) -> None:
        super().__init__(
            errors=[FieldError(pointer, "unknown_sku", "names no article") for pointer in pointers]
        )


class CouponInvalid(Invalid):
    """`why`: unknown_coupon, coupon_expired, coupon_used_up, coupon_minimum."""

    code = "coupon_invalid"
    title = "This coupon cannot be used"

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message, errors=[FieldError("/coupon", why, message)])


class UnknownShippingMethod(Invalid):
    code = "unknown_shipping_method"
    title = "This way of delivery is not offered there"

    def __init__(self) -> None:
        super().__init__(
            errors=[FieldError("/shipping_method", "unknown_shipping_method", "is not offered there")]
        )


class NotDelivered(Invalid):
    code = "not_delivered"
    title = "Nothing is delivered to this country"

    def __init__(self, pointer: str) -> None:
        super().__init__(errors=[FieldError(pointer, "not_delivered", "is not delivered to")])


class AmountTooLarge(Invalid):
    code = "amount_too_large"
    title = "This is worth more than can be sold at once"


class NotSellable(Conflict):
    """`lines`: those that cannot be bought at the moment, each with variant_id and sku."""

    code = "not_sellable"
    title = "Some of these articles are not sold any more"
