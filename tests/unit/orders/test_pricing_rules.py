"""The arithmetic of a quote."""

from hypothesis import given
from hypothesis import strategies as st

from orders.pricing.countries import countries, is_country
from orders.pricing.rules import Discount, Goods, Rate, options_label, price, tax_in

GOODS = st.lists(
    st.builds(
        Goods,
        unit_price=st.integers(0, 10**9),
        quantity=st.integers(1, 999),
        tax_basis_points=st.sampled_from([0, 550, 700, 1350, 1900, 2000, 2550, 2700]),
    ),
    min_size=1,
    max_size=12,
)
DISCOUNTS = st.none() | st.one_of(
    st.builds(Discount, st.just("percent"), st.integers(1, 100)),
    st.builds(Discount, st.just("amount"), st.integers(1, 10**12)),
)
RATES = st.none() | st.builds(
    Rate, st.integers(0, 10**6), st.none() | st.integers(0, 10**6), st.sampled_from([0, 1900, 2200])
)


@given(GOODS, DISCOUNTS, RATES)
def test_the_parts_sum_exactly_to_the_whole(
    goods: list[Goods], discount: Discount | None, rate: Rate | None
) -> None:
    totals = price(goods, discount, rate)
    assert sum(line.discount for line in totals.lines) == totals.discount
    assert sum(line.total for line in totals.lines) == totals.subtotal - totals.discount
    assert sum(line.tax for line in totals.lines) + totals.shipping_tax == totals.tax
    assert totals.total == totals.subtotal - totals.discount + totals.shipping


@given(GOODS, DISCOUNTS, RATES)
def test_nothing_is_ever_negative_and_tax_is_inside(
    goods: list[Goods], discount: Discount | None, rate: Rate | None
) -> None:
    totals = price(goods, discount, rate)
    assert 0 <= totals.discount <= totals.subtotal
    assert 0 <= totals.shipping_tax <= totals.shipping
    assert 0 <= totals.tax <= totals.total
    for line in totals.lines:
        assert 0 <= line.discount <= line.worth
        assert 0 <= line.tax <= line.total


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_tax_is_rounded_once_to_the_nearest_unit(gross: int, rate: int) -> None:
    tax = tax_in(gross, rate)
    assert abs(2 * (tax * (10_000 + rate) - gross * rate)) <= 10_000 + rate


def test_known_values() -> None:
    assert tax_in(11900, 1900) == 1900
    assert tax_in(1, 1900) == 0
    assert tax_in(4, 1900) == 1, "0.64 is nearer to one"
    totals = price([Goods(999, 3, 1900), Goods(1, 1, 700)], Discount("percent", 10), Rate(490, 5000, 1900))
    assert (totals.subtotal, totals.discount, totals.shipping, totals.total) == (2998, 300, 490, 3188)
    assert [line.discount for line in totals.lines] == [300, 0]
    assert [line.tax for line in totals.lines] == [431, 0]
    assert totals.tax == 431 + 78


def test_delivery_is_free_from_the_limit_on_after_the_discount() -> None:
    rate = Rate(490, 5000, 0)
    assert price([Goods(5000, 1, 0)], None, rate).shipping == 0
    assert price([Goods(4999, 1, 0)], None, rate).shipping == 490
    assert price([Goods(5000, 1, 0)], Discount("amount", 1), rate).shipping == 490


def test_a_discount_takes_no_more_than_there_is() -> None:
    assert price([Goods(300, 1, 0)], Discount("amount", 500), None).total == 0
    assert price([Goods(0, 1, 0)], Discount("percent", 100), None).total == 0
    assert not Discount("percent", 10, minimum=1000).applies(999)
    assert Discount("percent", 10, minimum=1000).applies(1000)


def test_options_are_one_text() -> None:
    assert options_label({}) == ""
    assert options_label({"Size": "M", "Colour": "red"}) == "Size: M, Colour: red"


def test_countries_are_those_of_the_standard() -> None:
    assert len(countries()) == 250
    assert all(is_country(code) for code in ("DE", "GB", "RU", "US", "TW", "XK"))
    assert not any(is_country(code) for code in ("EU", "UK", "ZZ", "DD", "SU", "IC", "de", ""))
