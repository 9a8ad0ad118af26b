"""What can be wrong with a request to a cart, beyond what every service knows."""

from typing import Self

from cart.contents import MOST_LINES
from chassis.errors import Conflict, FieldError, Invalid


class UnknownVariant(Invalid):
    """Products knows nothing under this `sku` or `variant_id`."""

    code = "unknown_variant"
    title = "Nothing is sold under this sku or variant_id"

    @classmethod
    def named_by(cls, field: str) -> Self:
        """The refusal of a request that named the variant in `field`."""
        return cls(errors=[FieldError(f"/{field}", cls.code, "names nothing that products knows")])


class NotForSale(Conflict):
    """The variant exists but is not sold (archived, a draft, without a price)."""

    code = "not_for_sale"
    title = "This is not for sale at the moment"


class CartFull(Conflict):
    """One more different thing does not fit."""

    code = "cart_full"
    title = f"A cart holds at most {MOST_LINES} different things"


class IdReused(Invalid):
    """The id in the path was used before, with another body."""

    code = "id_reused"
    title = "This id was used with another body"
