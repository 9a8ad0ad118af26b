"""What the catalogue answers."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from chassis.schemas import MoneyOut, Out, Timestamp
from products import examples


class ImageOut(Out):
    """A picture; `url` is a path on this host."""

    url: Annotated[str, Field(examples=["/media/mug.webp"])]
    alt: str
    width: int
    height: int


class ProductImageOut(ImageOut):
    """A picture of a product and which of its variants it shows: a red shirt in every size, say."""

    sku: Annotated[
        str | None, Field(description="The first of the variants it shows; null when it stands for all.")
    ]
    skus: Annotated[list[str], Field(description="The variants it shows; none when it stands for all.")]


class VariantOut(Out):
    """A thing that can be put into a cart. `price` is null when it has none in the asked currency."""

    id: UUID
    sku: str
    price: MoneyOut | None
    compare_at: MoneyOut | None
    available: Annotated[int, Field(description="How many can be promised now.")]
    backorder: bool
    barcode: str | None
    tax_class: str
    weight_grams: int | None
    options: Annotated[dict[str, str], Field(examples=[{"Size": "M"}])]


class TranslationOut(Out):
    """Texts in another language."""

    name: str
    description: str


class ProductOut(Out):
    """A product with its variants, in the language and currency that were asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PRODUCT]})

    id: UUID
    slug: str
    name: str
    description: str
    status: str
    category: str | None
    brand: str | None
    options: list[str]
    images: list[ProductImageOut]
    variants: list[VariantOut]
    price: Annotated[MoneyOut | None, Field(description="The lowest of its variants.")]
    available: Annotated[int, Field(description="The sum of its variants.")]
    translations: dict[str, TranslationOut]
    created_at: Timestamp
    updated_at: Timestamp
    version: int


class CategoryOut(Out):
    """A category with those below it."""

    slug: str
    name: str
    children: list["CategoryOut"]


class CategoryTree(Out):
    """The top categories; always one page."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CATEGORIES]})

    items: list[CategoryOut]
    next_cursor: None
