"""What a list of products looks like."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from chassis.pagination import Page
from chassis.schemas import MoneyOut, Out
from products import examples
from products.catalog.answers import ImageOut


class Card(Out):
    """A product in a list. `price`, `compare_at` and `sku` are of its cheapest variant."""

    id: UUID
    slug: str
    name: str
    price: MoneyOut
    compare_at: MoneyOut | None
    available: Annotated[int, Field(description="The sum of its variants.")]
    in_stock: Annotated[bool, Field(description="Can be ordered: available, or sold on backorder.")]
    image: ImageOut | None
    sku: str
    status: str


class FacetValue(Out):
    """A choice, and how many products the list would have with it."""

    value: str
    label: str
    count: int


class Facet(Out):
    """A filter: `key` is the query key that it goes under."""

    key: Annotated[str, Field(examples=["option.size"])]
    label: Annotated[str, Field(examples=["Size"])]
    values: list[FacetValue]


class ProductPage(Page[Card]):
    """A page of products; `facets` only when they were asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.LIST]})

    facets: list[Facet] | None
