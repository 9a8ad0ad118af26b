"""The catalogue's pure rules."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Invalid
from products.catalog.rules import choices_of, code_of, require_sensible, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Stoneware mug", "stoneware-mug"),
        ("  Café — crème! ", "cafe-creme"),
        ("Кожаные ботинки «Тропа»", "kozhanye-botinki-tropa"),
        ("Объём щётки", "obyom-shchyotki"),
        ("茶", ""),
    ],
)
def test_slug_is_made_of_what_can_be_written_in_ascii(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(max_size=300))
def test_slug_always_fits_its_form(name: str) -> None:
    slug = slug_of(name)
    assert len(slug) <= 80
    assert slug == "" or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)


def test_codes_ignore_case_width_and_blanks() -> None:
    assert code_of("  Shoe  Size ") == code_of("shoe size") == "shoe-size"
    assert code_of("ﬁt") == "fit"
    assert code_of("Цвет") == "цвет"


def test_choices_follow_the_order_of_the_options_and_ignore_their_case() -> None:
    choices = choices_of(["Size", "Colour"], {"colour": "Red", "SIZE": "M"})
    assert [(choice.option, choice.value, choice.value_label) for choice in choices] == [
        ("size", "m", "M"),
        ("colour", "red", "Red"),
    ]


def _refused(
    *,
    options: list[str],
    variants: list[tuple[str, dict[str, str]]],
    prices: list[tuple[str, int, int | None, str | None]] | None = None,
) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refusal:
        require_sensible(
            options=options,
            variants=variants,
            prices=prices or [("EUR", 100, None, None)] * len(variants),
            currency="EUR",
            nested=True,
        )
    return [(error.pointer, error.code) for error in refusal.value.errors]


def test_every_wrong_variant_is_named() -> None:
    assert _refused(
        options=["Size"],
        variants=[
            ("A", {"Size": "M"}),
            ("A", {"Size": "L"}),
            ("B", {}),
            ("C", {"Size": "m"}),
            ("D", {"Size": "S", "Colour": "Red"}),
        ],
    ) == [
        ("/variants/1/sku", "duplicate_sku"),
        ("/variants/2/options", "options_differ"),
        ("/variants/3/options", "duplicate_options"),
        ("/variants/4/options", "options_differ"),
    ]


def test_options_are_named_once() -> None:
    found = _refused(options=["Size", "size"], variants=[("A", {"Size": "M"})])
    assert ("/options", "duplicate_option") in found


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (("USD", 100, None, None), ("/variants/0/price/currency", "wrong_currency")),
        (("EUR", 100, 100, "EUR"), ("/variants/0/compare_at/amount", "not_above_price")),
        (("EUR", 100, 200, "USD"), ("/variants/0/compare_at/currency", "wrong_currency")),
    ],
)
def test_prices_are_in_the_shops_currency_and_below_their_was_price(
    price: tuple[str, int, int | None, str | None], expected: tuple[str, str]
) -> None:
    assert _refused(options=[], variants=[("A", {})], prices=[price]) == [expected]
