"""What creating and replacing a product have in common: its texts, options, variants and prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from chassis.database import Connection
from products.catalog import edit_queries
from products.catalog.errors import SkuTaken, UnknownCategory
from products.catalog.rules import choices_of, code_of, require_sensible
from products.catalog.schemas import EditedProduct, NewProduct, Translations, VariantEdit

Body = NewProduct | EditedProduct


@dataclass(frozen=True, slots=True)
class Contents:
    """A body in the shape that the statements of `edit_queries` take."""

    option_codes: list[str]
    choices: list[dict[str, Any]]
    variants: list[dict[str, Any]]


def prepared(body: Body, variants: Sequence[VariantEdit], *, currency: str) -> Contents:
    """The body for writing. Raises Invalid for variants that cannot stand side by side."""
    options = body.options or []
    require_sensible(
        options=options,
        variants=[(variant.sku, variant.options) for variant in variants],
        prices=[_price(variant) for variant in variants],
        currency=currency,
        nested=body.variants is not None,
    )
    rows, choices = [], []
    for position, variant in enumerate(variants):
        chosen = [
            {
                "option": choice.option,
                "value": choice.value,
                "option_label": choice.option_label,
                "value_label": choice.value_label,
            }
            for choice in choices_of(options, variant.options)
        ]
        choices += chosen
        rows.append(_row(variant, position, chosen))
    return Contents([code_of(option) for option in options], choices, rows)


def _price(variant: VariantEdit) -> tuple[str, int, int | None, str | None]:
    was = variant.compare_at
    return (
        variant.price.currency,
        variant.price.amount,
        was.amount if was else None,
        was.currency if was else None,
    )


def _row(variant: VariantEdit, position: int, chosen: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "sku": variant.sku,
        "barcode": variant.barcode,
        "tax_class": variant.tax_class,
        "weight_grams": variant.weight_grams,
        "backorder": variant.backorder,
        "position": position,
        "amount": variant.price.amount,
        "compare_at_amount": variant.compare_at.amount if variant.compare_at else None,
        "choices": chosen,
    }


async def category_of(connection: Connection, slug: str | None) -> UUID | None:
    """The id of the category called so; None for none. Raises UnknownCategory."""
    if slug is None:
        return None
    found = await edit_queries.category_id(connection, slug)
    if found is None:
        raise UnknownCategory
    return found


async def sku_conflict(connection: Connection, body: Body, *, besides: UUID | None) -> None:
    """Nothing happens when the article codes are free. Raises SkuTaken, naming each place in the body."""
    skus = [variant.sku for variant in body.as_variants()]
    taken = await edit_queries.taken_skus(connection, skus, besides=besides)
    if taken:
        places = [
            f"/variants/{at}/sku" if body.variants else "/sku" for at, sku in enumerate(skus) if sku in taken
        ]
        raise SkuTaken(places)


async def write_contents(
    connection: Connection, product_id: UUID, body: Body, contents: Contents, *, currency: str, actor: str
) -> None:
    """English texts, options, variants and prices are those of the body. Raises SkuTaken."""
    english = {"locale": "en", "name": body.name, "description": body.description}
    await edit_queries.write_texts(connection, product_id, [english])
    await edit_queries.set_options(connection, product_id, contents.option_codes, contents.choices)
    try:
        await edit_queries.write_variants(
            connection, product_id, contents.variants, currency=currency, actor=actor
        )
    except asyncpg.UniqueViolationError as error:
        raise SkuTaken from error


async def write_labels(
    connection: Connection, product_id: UUID, body: Body, translations: Translations, contents: Contents
) -> None:
    """Texts and labels in other languages are exactly `translations`; axes and values keep labels not named."""
    texts, options, values = [], [], []
    if (ru := translations.ru) is not None:
        if ru.name is not None or ru.description is not None:
            texts.append(
                {
                    "locale": "ru",
                    "name": ru.name or body.name,
                    "description": body.description if ru.description is None else ru.description,
                }
            )
        options = [{"option": code_of(name), "labels": {"ru": to}} for name, to in ru.options.items()]
        labels = {code_of(name): to for name, to in ru.values.items()}
        used = {(choice["option"], choice["value"]) for choice in contents.choices}
        values = [
            {"option": option, "value": value, "labels": {"ru": labels[value]}}
            for option, value in sorted(used)
            if value in labels
        ]
        options = [label for label in options if label["option"] in contents.option_codes]
    await edit_queries.drop_other_texts(connection, product_id, ["en", *(text["locale"] for text in texts)])
    if texts:
        await edit_queries.write_texts(connection, product_id, texts)
    await edit_queries.label(connection, options=options, values=values)
