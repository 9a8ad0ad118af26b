"""Rows of the catalogue as answers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from chassis.languages import DEFAULT_LOCALE
from chassis.schemas import Locale, MoneyOut
from products.catalog.answers import (
    CategoryOut,
    CategoryTree,
    ProductImageOut,
    ProductOut,
    TranslationOut,
    VariantOut,
)


def money(amount: int | None, currency: str) -> MoneyOut | None:
    """The amount with its currency, None when there is none."""
    return None if amount is None else MoneyOut(amount=amount, currency=currency)


def product_out(row: asyncpg.Record, *, locale: Locale, currency: str) -> ProductOut:
    """A row of `queries.product` as its answer in one language and currency."""
    texts = row["texts"]
    english = texts[DEFAULT_LOCALE]
    here = texts.get(locale, english)
    variants = [_variant_out(variant, currency) for variant in row["variants"] or ()]
    priced = [variant.price for variant in variants if variant.price is not None]
    return ProductOut(
        id=row["id"],
        slug=row["slug"],
        name=here["name"],
        description=here["description"],
        status=row["status"],
        category=row["category"],
        brand=row["brand"],
        options=row["options"] or [],
        images=[_image_out(image) for image in row["images"] or ()],
        variants=variants,
        price=min(priced, key=lambda price: price.amount, default=None),
        available=sum(variant.available for variant in variants),
        translations={name: TranslationOut(**text) for name, text in texts.items() if name != DEFAULT_LOCALE},
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
    )


def _image_out(image: dict[str, Any]) -> ProductImageOut:
    return ProductImageOut(**image, sku=next(iter(image["skus"]), None))


def _variant_out(variant: dict[str, Any], currency: str) -> VariantOut:
    return VariantOut(
        id=UUID(variant["id"]),
        sku=variant["sku"],
        price=money(variant["amount"], currency),
        compare_at=money(variant["compare_at_amount"], currency),
        available=variant["available"],
        backorder=variant["backorder"],
        barcode=variant["barcode"],
        tax_class=variant["tax_class"],
        weight_grams=variant["weight_grams"],
        options=variant["options"] or {},
    )


def product_etag(row: asyncpg.Record, *, locale: Locale) -> str:
    """`"<version>.<stock>.<language>"`: changes with every edit, movement, and between languages."""
    return f'"{row["version"]}.{row["stock_version"]}.{locale}"'


def category_tree(rows: Sequence[asyncpg.Record]) -> CategoryTree:
    """Rows of `queries.categories` as a tree, siblings in the rows' order."""
    below: dict[UUID | None, list[asyncpg.Record]] = {}
    for row in rows:
        below.setdefault(row["parent_id"], []).append(row)

    def _under(parent: UUID | None) -> list[CategoryOut]:
        return [
            CategoryOut(slug=row["slug"], name=row["name"], children=_under(row["id"]))
            for row in below.get(parent, ())
        ]

    return CategoryTree(items=_under(None), next_cursor=None)
