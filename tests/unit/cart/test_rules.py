"""What a cart shows, from what it holds and what products says."""

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from cart.clients.products import NO_OFFERS, Offer, Offers
from cart.contents import Cart, Line
from cart.rules import line_total, priced
from chassis.ids import new_id
from chassis.money import Money
from chassis.schemas import MoneyOut


def _line(quantity: int = 1) -> Line:
    return Line(new_id(), new_id(), "MUG", quantity)


def _cart(*lines: Line) -> Cart:
    return Cart(new_id(), 3, None, "", lines)


def _offer(line: Line, amount: int | None = 1250, *, sellable: bool = True, available: int = 5) -> Offer:
    price = MoneyOut(amount=amount, currency="EUR") if amount is not None else None
    return Offer(
        variant_id=line.variant_id,
        sku=line.sku,
        product_id=uuid5(line.variant_id, "product"),
        slug="mug",
        name="Mug",
        options={},
        price=price,
        compare_at=MoneyOut(amount=1500, currency="EUR"),
        available=available,
        backorder=True,
        image=None,
        sellable=sellable,
    )


def _offers(*offers: Offer, unknown: tuple[UUID, ...] = ()) -> Offers:
    return Offers({offer.variant_id: offer for offer in offers} | dict.fromkeys(unknown))


def test_no_cart_is_an_empty_one_in_the_shops_currency() -> None:
    shown = priced(None, NO_OFFERS, currency="JPY")
    assert (shown.id, shown.version, shown.items, shown.subtotal) == (
        None,
        0,
        [],
        MoneyOut(amount=0, currency="JPY"),
    )


def test_an_empty_cart_costs_nothing_also_when_products_is_silent() -> None:
    assert priced(_cart(), NO_OFFERS, currency="EUR").subtotal == MoneyOut(amount=0, currency="EUR")


@given(st.lists(st.tuples(st.integers(1, 999), st.integers(0, 10**15)), max_size=20))
def test_the_subtotal_is_the_sum_of_the_lines(pairs: list[tuple[int, int]]) -> None:
    lines = [_line(quantity) for quantity, _ in pairs]
    offers = _offers(*(_offer(line, amount) for line, (_, amount) in zip(lines, pairs, strict=True)))
    shown = priced(_cart(*lines), offers, currency="EUR")
    totals = [item.line_total.amount for item in shown.items if item.line_total is not None]
    assert totals == [quantity * amount for quantity, amount in pairs]
    assert shown.subtotal == MoneyOut(amount=sum(totals), currency="EUR")


def test_a_line_that_products_said_nothing_about_leaves_the_subtotal_unknown() -> None:
    known, silent = _line(), _line()
    shown = priced(_cart(known, silent), _offers(_offer(known)), currency="EUR")
    assert shown.subtotal is None
    assert [(item.name, item.available) for item in shown.items] == [("Mug", 5), (None, None)]


def test_what_is_not_for_sale_has_no_price_nothing_available_and_does_not_count() -> None:
    archived, without_price, unknown, sold = _line(), _line(), _line(), _line(2)
    offers = _offers(
        _offer(archived, sellable=False),
        _offer(without_price, None),
        _offer(sold),
        unknown=(unknown.variant_id,),
    )
    shown = priced(_cart(archived, without_price, unknown, sold), offers, currency="EUR")
    assert shown.subtotal == MoneyOut(amount=2500, currency="EUR")
    for item in shown.items[:3]:
        assert (item.unit_price, item.compare_at, item.line_total, item.available) == (None, None, None, 0)
    assert [item.backorder for item in shown.items] == [False, False, False, True]


def test_a_free_thing_costs_nothing_but_is_for_sale() -> None:
    line = _line(3)
    item = priced(_cart(line), _offers(_offer(line, 0)), currency="EUR").items[0]
    assert (item.unit_price, item.line_total, item.available) == (
        MoneyOut(amount=0, currency="EUR"),
        MoneyOut(amount=0, currency="EUR"),
        5,
    )


def test_a_sold_out_line_keeps_its_price_and_counts() -> None:
    line = _line(2)
    assert line_total(line, _offer(line, available=0)) == Money(2500, "EUR")
    assert priced(_cart(line), _offers(_offer(line, available=0)), currency="EUR").subtotal is not None
