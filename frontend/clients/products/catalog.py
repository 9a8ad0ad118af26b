"""Products, lists and categories as the products service answers."""

from uuid import UUID

from pydantic import Field

from chassis.schemas import MoneyOut
from frontend.clients.asking import Shape

LARGE_RENDITION = "-800.webp"
SMALL_RENDITION = "-400.webp"


class Image(Shape):
    """A picture: where it lies (a path on our origin, or a whole address), and its size in pixels."""

    url: str
    alt: str = ""
    width: int = 800
    height: int = 800
    skus: list[str] = Field(default_factory=list)
    """The variants it shows; none when it stands for all."""

    @property
    def small_url(self) -> str:
        """The same picture for lists: `<name>-800.webp` lies beside a `<name>-400.webp`; others are one size."""
        stem = self.url.removesuffix(LARGE_RENDITION)
        return f"{stem}{SMALL_RENDITION}" if stem != self.url else self.url


class ProductCard(Shape):
    """A product in a list. `price` is the lowest of its variants'."""

    id: UUID
    slug: str
    name: str
    price: MoneyOut | None
    compare_at: MoneyOut | None = None
    available: int | None = None
    image: Image | None = None
    sku: str | None = None
    status: str = "active"


class FacetValue(Shape):
    """One choice of a facet and how many products have it."""

    value: str
    label: str
    count: int


class Facet(Shape):
    """A question one can narrow a list by: `category`, `option.size`, `attr.colour`."""

    key: str
    label: str
    values: list[FacetValue]


class ProductList(Shape):
    """One page of a list."""

    items: list[ProductCard]
    next_cursor: str | None
    facets: list[Facet] | None = None


class Variant(Shape):
    """The thing sold."""

    id: UUID
    sku: str
    price: MoneyOut | None
    compare_at: MoneyOut | None = None
    available: int | None = None
    options: dict[str, str] = Field(default_factory=dict)
    barcode: str | None = None
    backorder: bool = False
    tax_class: str = "standard"
    weight_grams: int | None = None


class Texts(Shape):
    """Name and description in another language."""

    name: str
    description: str = ""


class Product(Shape):
    """One product with its variants; `options` names the axes of choice in order."""

    id: UUID
    slug: str
    name: str
    description: str = ""
    status: str = "active"
    category: str | None = None
    options: list[str] = Field(default_factory=list)
    images: list[Image] = Field(default_factory=list)
    variants: list[Variant] = Field(default_factory=list)
    price: MoneyOut | None = None
    available: int | None = None
    brand: str | None = None
    translations: dict[str, "Texts"] = Field(default_factory=dict)
    version: int = 0

    def images_for(self, sku: str) -> list[Image]:
        """All pictures: those of the variant `sku` first, then those that stand for all; each in its order."""
        return sorted(self.images, key=lambda image: (sku not in image.skus, bool(image.skus)))


class Category(Shape):
    """A category, named in the locale asked for, with those below it."""

    slug: str
    name: str
    children: list["Category"] = Field(default_factory=list)


class CategoryTree(Shape):
    """The top categories in the order of the shop."""

    items: list[Category]
