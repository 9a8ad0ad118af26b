"""The demo catalogue as it lies in this folder, read into typed shapes. Nothing here touches a database."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

FOLDER = Path(__file__).resolve().parent
PICTURE_FOLDER = FOLDER / "pictures"
PICTURE_SIDE = 800
"""Pictures are square; `<name>-800.webp` is the one to register, `<name>-400.webp` the same for lists."""


class Words(TypedDict):
    """One text in the shop's two languages."""

    en: str
    ru: str


class Option(TypedDict):
    """A choice axis; values in the order they are shown. Products name both by the English text."""

    name: Words
    values: list[Words]


class Subcategory(TypedDict):
    """A shelf of a department."""

    slug: str
    name: Words


class Category(Subcategory):
    """A department: the upper level of the category tree; `position` orders the departments."""

    position: int
    children: list[Subcategory]


class Variant(TypedDict):
    """A thing sold: money in cents of a euro, weight in grams, `barcode` an in-store EAN-13 (GS1 prefix 20)."""

    sku: str
    options: dict[str, str]
    price: int
    compare_at: int | None
    barcode: str
    stock: int
    weight: int


class Picture(TypedDict):
    """`pictures/<name>-800.webp` shows the variants that have all of `options`."""

    name: str
    alt: Words
    options: dict[str, str]


class Product(TypedDict):
    """A thing described; `category` is a subcategory's slug, `created_at` RFC 3339, `popularity` 0 to 100."""

    slug: str
    name: Words
    description: Words
    category: str
    tax_class: str
    created_at: str
    popularity: int
    options: list[str]
    variants: list[Variant]
    pictures: list[Picture]


class Department(TypedDict):
    """One file of `catalogue/`."""

    category: Category
    products: list[Product]


@dataclass(frozen=True)
class Contents:
    """Everything the demo shop sells; departments in their order."""

    departments: list[Department]
    options: list[Option]

    @property
    def products(self) -> list[Product]:
        """All products, department by department."""
        return [product for department in self.departments for product in department["products"]]


def read_contents() -> Contents:
    """The demo catalogue of this folder."""
    departments: list[Department] = [
        json.loads(file.read_text(encoding="utf-8")) for file in (FOLDER / "catalogue").glob("*.json")
    ]
    options: list[Option] = json.loads((FOLDER / "options.json").read_text(encoding="utf-8"))
    return Contents(sorted(departments, key=lambda found: found["category"]["position"]), options)
