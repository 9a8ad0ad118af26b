"""What staff send to describe a product."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from chassis.schemas import Line, MoneyIn, Prose, Sku, Slug, StrictIn

MOST_VARIANTS = 250
MOST_OPTIONS = 5
LARGEST_STOCK = 10**9

ShortLine = Annotated[Line, Field(max_length=64)]
Options = Annotated[dict[ShortLine, ShortLine], Field(max_length=MOST_OPTIONS, examples=[{"Size": "M"}])]
"""Option name → value, in English; translations give the other languages."""
Labels = Annotated[dict[ShortLine, ShortLine], Field(max_length=500)]

StockCount = Annotated[int, Field(ge=0, le=LARGEST_STOCK, examples=[5])]
EditableStatus = Literal["draft", "active", "archived"]


def _named_slug(slug: str) -> str:
    if len(slug) == 36 and slug.count("-") == 4:
        raise PydanticCustomError("like_an_id", "must not look like an id")
    return slug


class VariantEdit(StrictIn):
    """A variant as PUT takes it: without stock, which changes by adjustments only."""

    sku: Annotated[Sku, Field(examples=["TEE-RED-M"])]
    price: MoneyIn
    compare_at: Annotated[MoneyIn | None, Field(description="The was-price, above the price.")] = None
    options: Options = Field(default_factory=dict)
    barcode: Annotated[ShortLine | None, Field(examples=["4006381333931"])] = None
    tax_class: Annotated[Slug, Field(max_length=40)] = "standard"
    weight_grams: Annotated[int | None, Field(ge=0, le=10**7)] = None
    backorder: Annotated[bool, Field(description="May be sold when there is none.")] = False


class NewVariant(VariantEdit):
    """A variant as POST takes it, with what is on hand."""

    stock: StockCount = 0


class Translation(StrictIn):
    """A product in another language. What is left out stays English."""

    name: Line | None = None
    description: Prose | None = None
    options: Labels = Field(default_factory=dict, examples=[{"Size": "Размер"}])
    values: Labels = Field(default_factory=dict, examples=[{"Red": "Красный"}])


class Translations(StrictIn):
    """Texts by language, other than English."""

    ru: Translation | None = None


class _ProductTexts(StrictIn):
    name: Annotated[Line, Field(examples=["Cotton T-shirt"])]
    description: Prose = ""
    category: Annotated[Slug | None, Field(examples=["t-shirts"])] = None
    brand: Line | None = None
    slug: Annotated[
        Annotated[Slug, AfterValidator(_named_slug)] | None,
        Field(description="Its address; made of the name when left out.", examples=["cotton-t-shirt"]),
    ] = None
    options: Annotated[list[ShortLine] | None, Field(max_length=MOST_OPTIONS, examples=[["Size"]])] = None
    sku: Annotated[Sku | None, Field(examples=["MUG-1"])] = None
    price: MoneyIn | None = None
    compare_at: MoneyIn | None = None
    barcode: ShortLine | None = None
    tax_class: Annotated[Slug, Field(max_length=40)] | None = None
    weight_grams: Annotated[int, Field(ge=0, le=10**7)] | None = None
    backorder: bool | None = None


OF_ONE_VARIANT = ("sku", "price", "compare_at", "barcode", "tax_class", "weight_grams", "backorder", "stock")


def _require_one_form(body: _ProductTexts, variants: object) -> None:
    if variants is None:
        if body.options:
            raise PydanticCustomError("variants_missing", "options need variants")
        if body.sku is None or body.price is None:
            raise PydanticCustomError("no_variant", "needs sku and price, or variants")
    elif any(getattr(body, name, None) is not None for name in OF_ONE_VARIANT):
        raise PydanticCustomError("two_forms", "these belong to the variants: " + ", ".join(OF_ONE_VARIANT))


class NewProduct(_ProductTexts):
    """A new product: either with `sku`, `price` and `stock`, or with `options` and `variants`."""

    status: Literal["draft", "active"] = "active"
    translations: Translations = Translations()
    stock: StockCount | None = None
    variants: Annotated[list[NewVariant] | None, Field(min_length=1, max_length=MOST_VARIANTS)] = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        _require_one_form(self, self.variants)
        return self

    def as_variants(self) -> list[NewVariant]:
        """Its variants, one or more, in the order they were given."""
        return self.variants if self.variants is not None else [NewVariant(**_only_variant(self))]


class EditedProduct(_ProductTexts):
    """A product as it shall be. `status`, `slug` and `translations` stay as they are when left out."""

    status: EditableStatus | None = None
    translations: Translations | None = None
    variants: Annotated[list[VariantEdit] | None, Field(min_length=1, max_length=MOST_VARIANTS)] = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        _require_one_form(self, self.variants)
        return self

    def as_variants(self) -> list[VariantEdit]:
        """Its variants, one or more, in the order they were given."""
        return self.variants if self.variants is not None else [VariantEdit(**_only_variant(self))]


def _only_variant(body: _ProductTexts) -> dict[str, Any]:
    return {name: value for name in OF_ONE_VARIANT if (value := getattr(body, name, None)) is not None}


SIMPLE_EXAMPLE = {
    "name": "Stoneware mug",
    "sku": "MUG-1",
    "price": {"amount": 1490, "currency": "EUR"},
    "stock": 40,
    "description": "Holds 350 ml. Dishwasher safe.",
    "translations": {"ru": {"name": "Керамическая кружка", "description": "Объём 350 мл."}},
}
VARIANTS_EXAMPLE = {
    "name": "Cotton T-shirt",
    "description": "Heavy organic cotton.",
    "options": ["Size", "Colour"],
    "variants": [
        {
            "sku": f"TEE-{colour.upper()}-{size}",
            "price": {"amount": 1990, "currency": "EUR"},
            "compare_at": {"amount": 2490, "currency": "EUR"},
            "stock": 12,
            "options": {"Size": size, "Colour": colour},
        }
        for colour in ("Red", "Blue")
        for size in ("M", "L")
    ],
    "translations": {
        "ru": {
            "name": "Хлопковая футболка",
            "options": {"Size": "Размер", "Colour": "Цвет"},
            "values": {"Red": "Красный", "Blue": "Синий"},
        }
    },
}


def without_stock(example: Mapping[str, Any]) -> dict[str, Any]:
    """The same body as PUT takes it."""
    kept = {name: value for name, value in example.items() if name != "stock"}
    variants = kept.get("variants")
    if isinstance(variants, list):
        kept["variants"] = [{k: v for k, v in one.items() if k != "stock"} for one in variants]
    return kept
