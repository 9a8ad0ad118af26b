"""What goes over the wire."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from cart.contents import LONGEST_NOTE, MOST_PIECES, Cart
from chassis.schemas import MoneyOut, Out, Prose, Quantity, Sku, StrictIn, Uuid

VARIANT = "0199c0ff-ee00-7000-8000-000000000001"
PRODUCT = "0199c0ff-ee00-7000-8000-000000000002"
ITEM = "0199c0ff-ee00-7000-8000-000000000003"
CART_ID = "0199c0ff-ee00-7000-8000-000000000004"
CUSTOMER = "0199c0ff-ee00-7000-8000-000000000005"

Pieces = Annotated[Quantity, Field(description=f"1 to {MOST_PIECES} pieces.", examples=[2])]


class AddIn(StrictIn):
    """A variant, named by exactly one of `sku` and `variant_id`, and how many pieces more of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["sku"]}, {"required": ["variant_id"]}],
            "examples": [{"sku": "MUG-MORNING-350", "quantity": 2}],
        }
    )

    sku: Annotated[Sku | SkipJsonSchema[None], Field(examples=["MUG-MORNING-350"])] = None
    variant_id: Annotated[Uuid | SkipJsonSchema[None], Field(examples=[VARIANT])] = None
    quantity: Pieces

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        named = self.model_fields_set & {"sku", "variant_id"}
        if len(named) != 1 or (self.sku is None and self.variant_id is None):
            raise PydanticCustomError("exactly_one", "name the variant by sku or by variant_id, not by both")
        return self


class QuantityIn(StrictIn):
    """How many pieces the line has from now on."""

    quantity: Pieces


class CartIn(StrictIn):
    """What a shopper can say about the whole cart."""

    note: Annotated[
        Prose,
        Field(max_length=LONGEST_NOTE, description="A word for the shop.", examples=["Please ring twice."]),
    ]


class ImageOut(Out):
    """A picture: its address, a text in its place, its size in pixels."""

    url: Annotated[str, Field(examples=["/pictures/morning-mug-800.webp"])]
    alt: Annotated[str, Field(examples=["Morning mug"])]
    width: Annotated[int, Field(examples=[800])]
    height: Annotated[int, Field(examples=[800])]


class ItemOut(Out):
    """One line of a cart. All but `id`, `sku`, `variant_id`, `quantity` is what products says at this moment."""

    id: Annotated[UUID, Field(examples=[ITEM])]
    sku: Annotated[str, Field(examples=["MUG-MORNING-350"])]
    variant_id: Annotated[UUID, Field(examples=[VARIANT])]
    quantity: Annotated[int, Field(examples=[2])]
    product_id: Annotated[UUID | None, Field(examples=[PRODUCT])]
    slug: Annotated[str | None, Field(examples=["morning-mug"])]
    name: Annotated[str | None, Field(description="In the language asked for; null: not known at the moment.", examples=["Morning mug"])]  # fmt: skip
    options: Annotated[dict[str, str], Field(examples=[{"Volume": "350 ml"}])]
    image: ImageOut | None
    unit_price: Annotated[
        MoneyOut | None, Field(description="Null: not known at the moment, or no longer sold.")
    ]
    compare_at: Annotated[
        MoneyOut | None, Field(description="The price it had before; null when none is told.")
    ]
    line_total: Annotated[MoneyOut | None, Field(description="`unit_price` × `quantity`.")]
    available: Annotated[int | None, Field(description="Pieces that can be had now, perhaps fewer than `quantity`; 0 also for what is no longer sold; null: not known at the moment.", examples=[7])]  # fmt: skip
    backorder: Annotated[
        bool, Field(description="Can be ordered beyond what is available; it comes later.", examples=[False])
    ]


class CartOut(Out):
    """A cart with the prices of this moment."""

    id: Annotated[UUID | None, Field(description="Null while there is no cart yet.", examples=[CART_ID])]
    version: Annotated[int, Field(description="Grows with every change; 0 while there is no cart yet.", examples=[3])]  # fmt: skip
    items: list[ItemOut]
    subtotal: Annotated[MoneyOut | None, Field(description="Sum of the lines' totals, in the shop's currency; null while a price is not known.")]  # fmt: skip
    note: Annotated[str, Field(examples=[""])]

    def as_json(self) -> bytes:
        """The body of an answer."""
        return self.model_dump_json().encode()


class PiecesOut(Out):
    """Some pieces of one variant."""

    variant_id: Annotated[UUID, Field(examples=[VARIANT])]
    sku: Annotated[str, Field(examples=["MUG-MORNING-350"])]
    quantity: Annotated[int, Field(examples=[2])]


class ContentsOut(Out):
    """A cart for another service: facts only, no prices."""

    id: Annotated[UUID, Field(examples=[CART_ID])]
    version: Annotated[int, Field(examples=[3])]
    customer_id: Annotated[UUID | None, Field(description="Null: a guest's.", examples=[CUSTOMER])]
    items: list[PiecesOut]
    note: Annotated[str, Field(examples=[""])]

    @classmethod
    def of(cls, cart: Cart) -> Self:
        """The facts of a cart."""
        pieces = [PiecesOut.model_validate(line) for line in cart.lines]
        return cls(
            id=cart.id, version=cart.version, customer_id=cart.customer_id, items=pieces, note=cart.note
        )


class OrderedLineIn(StrictIn):
    """How many pieces of a variant an order took."""

    variant_id: Annotated[Uuid, Field(examples=[VARIANT])]
    quantity: Pieces


class OrderedIn(StrictIn):
    """What an order took out of which cart."""

    cart_id: Annotated[Uuid, Field(examples=[CART_ID])]
    lines: Annotated[list[OrderedLineIn], Field(min_length=1, max_length=1000)]


class MergeIn(StrictIn):
    """Which guest's cart goes into which customer's."""

    cart_token: Annotated[str, Field(min_length=1, max_length=200, description="The guest's secret.", examples=["C5m…"])]  # fmt: skip
    customer_id: Annotated[Uuid, Field(examples=[CUSTOMER])]


class MergedPiecesOut(Out):
    """What one line of the guest's cart became."""

    variant_id: Annotated[UUID, Field(examples=[VARIANT])]
    sku: Annotated[str, Field(examples=["MUG-MORNING-350"])]
    quantity: Annotated[int, Field(description="Pieces that came over from the guest's cart.", examples=[2])]
    in_cart: Annotated[int, Field(description="Pieces that the customer's cart has now.", examples=[5])]


class MergeOut(Out):
    """The receipt of a merge: the same for every repetition."""

    cart_id: Annotated[
        UUID | None, Field(description="The customer's cart; null when there is none.", examples=[CART_ID])
    ]
    merged: list[MergedPiecesOut]
