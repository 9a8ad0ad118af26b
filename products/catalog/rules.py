"""Pure rules of the catalogue: slugs, option codes, and which sets of variants make sense."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from chassis.errors import FieldError, Invalid

LONGEST_SLUG = 80
LATIN_OF_CYRILLIC = str.maketrans(
    {"ъ": "", "ь": ""}
    | dict(
        zip(
            "абвгдеёжзийклмнопрстуфхцчшщыэюя",
            [
                "a",
                "b",
                "v",
                "g",
                "d",
                "e",
                "yo",
                "zh",
                "z",
                "i",
                "y",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "u",
                "f",
                "kh",
                "ts",
                "ch",
                "sh",
                "shch",
                "y",
                "e",
                "yu",
                "ya",
            ],
            strict=True,
        )
    )
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value on an axis: codes as filters say them, labels in English as they were given."""

    option: str
    value: str
    option_label: str
    value_label: str


def slug_of(name: str) -> str:
    """An address part made of `name`: ASCII, Cyrillic transliterated; empty when nothing of it can be written so."""
    latin = name.lower().translate(LATIN_OF_CYRILLIC)
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-")


def code_of(label: str) -> str:
    """What filters call an option or a value: its label without case, blanks as hyphens."""
    return re.sub(r"\s+", "-", unicodedata.normalize("NFKC", label).casefold().strip())


def choices_of(options: Sequence[str], chosen: dict[str, str]) -> list[Choice]:
    """A variant's choices in the order of the product's options. Raises KeyError when one is missing."""
    by_code = {code_of(name): value for name, value in chosen.items()}
    return [
        Choice(code_of(option), code_of(by_code[code_of(option)]), option, by_code[code_of(option)])
        for option in options
    ]


def require_sensible(
    *,
    options: Sequence[str],
    variants: Sequence[tuple[str, dict[str, str]]],
    prices: Sequence[tuple[str, int, int | None, str | None]],
    currency: str,
    nested: bool,
) -> None:
    """Nothing happens for variants that can be sold side by side.

    `variants`: (sku, options) each; `prices`: (currency, amount, compare_at amount, its currency) each, in the same
    order. `nested`: whether they stand under `/variants` in the body. Raises Invalid, naming every wrong place.
    """
    errors: list[FieldError] = []
    axes = [code_of(option) for option in options]
    if len(set(axes)) < len(axes):
        errors.append(FieldError("/options", "duplicate_option", "names an option twice"))
    skus: set[str] = set()
    combinations: set[tuple[str, ...]] = set()
    for index, ((sku, chosen), price) in enumerate(zip(variants, prices, strict=True)):
        at = f"/variants/{index}" if nested else ""
        if sku in skus:
            errors.append(FieldError(f"{at}/sku", "duplicate_sku", "is the SKU of two variants"))
        skus.add(sku)
        by_code = {code_of(name): code_of(value) for name, value in chosen.items()}
        if sorted(by_code) != sorted(set(axes)) or len(by_code) != len(chosen):
            errors.append(
                FieldError(f"{at}/options", "options_differ", "must choose one value for each of the options")
            )
        else:
            combination = tuple(by_code[axis] for axis in axes)
            if combination in combinations:
                errors.append(
                    FieldError(f"{at}/options", "duplicate_options", "is the choice of two variants")
                )
            combinations.add(combination)
        errors += _price_errors(at, *price, shop_currency=currency)
    if errors:
        raise Invalid(errors=errors)


def _price_errors(
    at: str,
    currency: str,
    amount: int,
    compare_at: int | None,
    compare_at_currency: str | None,
    *,
    shop_currency: str,
) -> list[FieldError]:
    errors = []
    if currency != shop_currency:
        errors.append(
            FieldError(f"{at}/price/currency", "wrong_currency", f"must be {shop_currency}, the shop's")
        )
    if compare_at is not None and compare_at_currency != currency:
        errors.append(
            FieldError(f"{at}/compare_at/currency", "wrong_currency", "must be the currency of the price")
        )
    elif compare_at is not None and compare_at <= amount:
        errors.append(FieldError(f"{at}/compare_at/amount", "not_above_price", "must be above the price"))
    return errors
