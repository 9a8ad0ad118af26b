"""The demo catalogue looks like a real shop's: complete, bilingual, unique, plausible."""

import re
from collections import Counter
from datetime import UTC, datetime
from itertools import product as combinations

import pytest
from stdnum import ean

from products.demo.contents import Contents, Product, read_contents

CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SKU = re.compile(r"[A-Z0-9]+([–-][A-Z0-9]+)*")
SENTENCE_END = re.compile(r"[.!?]( |$)")
TODAY = datetime(2026, 11, 23, tzinfo=UTC)
CONTENTS = read_contents()
every_product = pytest.mark.parametrize("product", CONTENTS.products, ids=lambda product: product["slug"])


def test_the_shop_is_large_enough_and_two_levels_deep() -> None:
    categories = [department["category"] for department in CONTENTS.departments]
    filled = Counter(product["category"] for product in CONTENTS.products)
    assert len(CONTENTS.products) >= 84
    assert len(categories) >= 11
    assert all(len(category["children"]) >= 2 for category in categories)
    assert all(filled[child["slug"]] >= 2 for category in categories for child in category["children"])
    assert [category["position"] for category in categories] == list(range(1, len(categories) + 1))


def test_slugs_skus_and_barcodes_are_unique() -> None:
    slugs = [product["slug"] for product in CONTENTS.products]
    shelves = [
        slug
        for department in CONTENTS.departments
        for slug in (department["category"]["slug"], *(c["slug"] for c in department["category"]["children"]))
    ]
    variants = [variant for product in CONTENTS.products for variant in product["variants"]]
    for unique in (slugs, shelves, [v["sku"] for v in variants], [v["barcode"] for v in variants]):
        assert [value for value, count in Counter(unique).items() if count > 1] == []
    assert [slug for slug in slugs + shelves if not SLUG.fullmatch(slug)] == []


def test_products_stand_in_a_subcategory_of_their_own_department() -> None:
    for department in CONTENTS.departments:
        shelves = {child["slug"] for child in department["category"]["children"]}
        assert {product["category"] for product in department["products"]} == shelves


def test_categories_and_choices_are_named_in_both_languages() -> None:
    for department in CONTENTS.departments:
        for category in (department["category"], *department["category"]["children"]):
            assert category["name"]["en"].isascii()
            assert CYRILLIC.search(category["name"]["ru"])
    for option in CONTENTS.options:
        assert CYRILLIC.search(option["name"]["ru"])
        assert all(value["en"] and value["ru"] for value in option["values"])
        assert not any(CYRILLIC.search(value["en"]) for value in option["values"])


@every_product
def test_texts_are_complete_in_both_languages(product: Product) -> None:
    name, description = product["name"], product["description"]
    assert not CYRILLIC.search(name["en"] + description["en"])
    assert CYRILLIC.search(name["ru"])
    assert CYRILLIC.search(description["ru"])
    for text in description.values():
        assert isinstance(text, str)
        assert 80 <= len(text) <= 420
        assert 2 <= len(SENTENCE_END.findall(text)) <= 5


@every_product
def test_variants_are_all_combinations_of_known_choices(product: Product) -> None:
    known = {option["name"]["en"]: [value["en"] for value in option["values"]] for option in CONTENTS.options}
    chosen = [tuple(variant["options"].items()) for variant in product["variants"]]
    offered = [
        [value for value in known[option] if any((option, value) in choice for choice in chosen)]
        for option in product["options"]
    ]
    expected = {tuple(zip(product["options"], values, strict=True)) for values in combinations(*offered)}
    assert set(chosen) == expected
    assert len(chosen) == len(expected)


@every_product
def test_figures_are_plausible(product: Product) -> None:
    born = datetime.fromisoformat(product["created_at"])
    assert datetime(2026, 1, 1, tzinfo=UTC) <= born <= TODAY
    assert 0 <= product["popularity"] <= 100
    assert product["tax_class"] in {"standard", "reduced"}
    for variant in product["variants"]:
        assert SKU.fullmatch(variant["sku"])
        assert 250 <= variant["price"] <= 150_000
        assert (
            variant["compare_at"] is None or variant["price"] < variant["compare_at"] < 2 * variant["price"]
        )
        assert 0 <= variant["stock"] <= 500
        assert 10 <= variant["weight"] <= 60_000
        assert ean.is_valid(variant["barcode"])
        assert len(variant["barcode"]) == 13
        assert variant["barcode"].startswith("20")


def test_some_goods_are_reduced_scarce_or_sold_out() -> None:
    variants = [variant for product in CONTENTS.products for variant in product["variants"]]
    reduced = {product["category"] for product in CONTENTS.products if product["tax_class"] == "reduced"}
    assert sum(variant["compare_at"] is not None for variant in variants) >= 10
    assert 5 <= sum(variant["stock"] == 0 for variant in variants) <= len(variants) // 10
    assert sum(0 < variant["stock"] <= 3 for variant in variants) >= 10
    assert reduced >= {"pantry", "bakery-and-sweets", "stories", "practical-books"}


def test_every_option_value_is_used() -> None:
    assert unused_choices(CONTENTS) == []


def unused_choices(contents: Contents) -> list[tuple[str, str]]:
    """Choices that no variant has."""
    used = {
        item for product in contents.products for v in product["variants"] for item in v["options"].items()
    }
    offered = [(o["name"]["en"], value["en"]) for o in contents.options for value in o["values"]]
    return [choice for choice in offered if choice not in used]
