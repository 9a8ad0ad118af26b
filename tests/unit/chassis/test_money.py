"""Amounts: sums that cannot mix currencies, splits that lose nothing, rounding half up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.money import CurrencyMismatch, Money, decimals, fraction, is_currency, split

AMOUNTS = st.integers(-(10**15), 10**15)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


def test_sums_keep_their_currency() -> None:
    assert Money(1999, "EUR") + Money(1, "EUR") - Money(500, "EUR") == Money(1500, "EUR")
    assert Money(3, "JPY") * 7 == Money(21, "JPY")
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")


def test_minor_units_are_the_currencys_own() -> None:
    assert [decimals(code) for code in ("EUR", "JPY", "BHD", "RUB")] == [2, 0, 3, 2]
    assert is_currency("EUR")
    assert not is_currency("XQX")


def test_split_gives_the_remainder_to_the_largest_then_the_first() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(10, [3, 3, 1]) == [4, 4, 2]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]
    assert split(7, [0, 0]) == [4, 3]
    assert split(5, [0, 1]) == [0, 5]


@given(AMOUNTS, WEIGHTS)
def test_parts_sum_exactly_and_are_fair_to_one_unit(amount: int, weights: list[int]) -> None:
    parts = split(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    if total:
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part * total - amount * weight) < total


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_split_refuses_what_cannot_be_split(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weight"):
        split(1, weights)


def test_fraction_rounds_half_up_away_from_zero() -> None:
    assert [fraction(amount, 19, 119) for amount in (119, 1999, 0)] == [19, 319, 0]
    assert fraction(5, 1, 2) == 3
    assert fraction(-5, 1, 2) == -3
    for numerator, denominator in ((1, 0), (-1, 2)):
        with pytest.raises(ValueError, match="fraction"):
            fraction(1, numerator, denominator)


@given(AMOUNTS, st.integers(0, 10**6), st.integers(1, 10**6))
def test_fraction_is_within_half_a_unit(amount: int, numerator: int, denominator: int) -> None:
    assert (
        abs(2 * (fraction(amount, numerator, denominator) * denominator - amount * numerator)) <= denominator
    )
