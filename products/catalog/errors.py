"""What can be wrong with an edit of the catalogue, beyond its shape."""

from collections.abc import Sequence

from chassis.errors import Conflict, FieldError, Invalid, NotFound


class ProductNotFound(NotFound):
    code = "product_not_found"
    title = "There is no such product"


class SkuTaken(Conflict):
    """Another live variant has one of the article codes. `pointers`: which of the body's, when known."""

    code = "sku_taken"
    title = "This SKU belongs to another variant"

    def __init__(self, pointers: Sequence[str] = ()) -> None:
        super().__init__(
            errors=[{"pointer": at, "code": self.code, "message": self.title} for at in pointers]
        )


class SlugTaken(Conflict):
    code = "slug_taken"
    title = "This slug belongs to another product"


class UnknownCategory(Invalid):
    code = "unknown_category"
    title = "There is no such category"

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/category", self.code, self.title)])
