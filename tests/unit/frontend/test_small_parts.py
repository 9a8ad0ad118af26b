"""Small parts without any I/O."""

import pytest
from starlette.datastructures import QueryParams

from chassis.schemas import MoneyOut
from frontend.accounts.schemas import Belongings
from frontend.accounts.sealing import seal, unseal
from frontend.amounts import minor_units, written
from frontend.clients.products import Product
from frontend.formats import money
from frontend.pages.cards import few_left, saving
from frontend.pages.listing import ListQuery
from frontend.pages.variants import axes_of, chosen_variant
from frontend.safe_next import safe_next


def eur(amount: int) -> MoneyOut:
    return MoneyOut(amount=amount, currency="EUR")


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("19.90", "EUR", 1990),
        ("19,9", "EUR", 1990),
        ("1 900", "EUR", 190000),
        ("0", "EUR", 0),
        ("500", "JPY", 500),
        ("1.234", "BHD", 1234),
        ("19.999", "EUR", None),
        ("1.5", "JPY", None),
        ("-1", "EUR", None),
        ("NaN", "EUR", None),
        ("1e999", "EUR", None),
        ("Infinity", "EUR", None),
        ("", "EUR", None),
        ("free", "EUR", None),
    ],
)
def test_prices_as_typed(text: str, currency: str, amount: int | None) -> None:
    assert minor_units(text, currency) == amount


def test_amounts_go_into_fields_and_come_back() -> None:
    for value in (
        eur(0),
        eur(5),
        eur(1990),
        MoneyOut(amount=500, currency="JPY"),
        MoneyOut(amount=1, currency="BHD"),
    ):
        assert minor_units(written(value), value.currency) == value.amount


def test_money_as_people_write_it() -> None:
    assert money(eur(123456), "en") == "€1,234.56"
    assert money(eur(123456), "ru") == "1\xa0234,56\xa0€"
    assert money(MoneyOut(amount=500, currency="JPY"), "en") == "¥500"


def test_saving_is_rounded_down_and_never_negative() -> None:
    assert saving(eur(1290), eur(1590)) == 18
    assert saving(eur(1000), eur(1000)) == 0
    assert saving(eur(1000), None) == 0
    assert saving(eur(2000), eur(1000)) == 0


def test_few_left_is_said_up_to_five() -> None:
    assert [few_left(number) for number in (None, 0, 1, 5, 6)] == [0, 0, 1, 5, 0]


@pytest.mark.parametrize("target", ["/", "/orders?page=2", "/a/b#c", "/products?q=%2F%2Fevil"])
def test_own_pages_may_be_next(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    ["", "orders", "//evil", "///evil", "/\\evil", "\\/evil", "https://evil", "javascript:x", "/a\nb", "/a b", "/\x7f", "/" + "a" * 600],
)  # fmt: skip
def test_nothing_else_may_be_next(target: str) -> None:
    assert safe_next(target) == "/"


def test_belongings_open_with_their_token_only() -> None:
    kept = Belongings(cart_token="secret").with_order("0199c0ff-ee00-7000-b000-0000000000aa", "other")  # type: ignore[arg-type]  # a text reads the same
    sealed = seal("token", kept)
    assert b"secret" not in sealed
    assert unseal("token", sealed) == kept
    assert unseal("another", sealed) == Belongings()
    assert unseal("token", sealed[:-1] + b"x") == Belongings()
    assert seal("token", Belongings()) == b""


def test_at_most_twenty_orders_are_remembered() -> None:
    from uuid import UUID

    kept = Belongings()
    for number in range(25):
        kept = kept.with_order(UUID(int=number), str(number))
    assert list(kept.order_tokens.values()) == [str(number) for number in range(5, 25)]
    assert kept.with_order(UUID(int=7), "new").order_token(UUID(int=7)) == "new"


def query(text: str) -> ListQuery:
    return ListQuery.from_request(QueryParams(text), "EUR")


def test_list_address_for_the_service() -> None:
    asked = query(
        "q=mug&category=kitchen&sort=-price&price_from=10&price_to=20,50&in_stock=true&option.size=M&junk=1"
    )
    assert asked.for_service() == {
        "limit": "24", "facets": "true", "q": "mug", "category": "kitchen", "sort": "-price",
        "price_min": "1000", "price_max": "2050", "in_stock": "true", "option.size": "M",
    }  # fmt: skip


def test_list_address_is_its_own_address() -> None:
    text = "q=mug&sort=price&option.size=M"
    assert query(text).href(cursor=None) == f"/products?{text}"
    assert query("").href(cursor=None) == "/products"
    assert query("q=a%26b").href(cursor="x y") == "/products?q=a%26b&cursor=x+y"


@pytest.mark.parametrize(
    "text", ["price_from=x", "sort=evil", "in_stock=maybe", "cursor=", "q=%00", "price_to=-1"]
)
def test_nonsense_in_a_list_address_is_left_out(text: str) -> None:
    assert query(text).for_service() == {"limit": "24", "facets": "true"}


def shirt() -> Product:
    sizes = [("M", "Red", 0), ("M", "Blue", 2), ("L", "Red", 1)]
    return Product.model_validate(
        {
            "id": "0199c0ff-ee00-7000-b000-0000000000aa",
            "slug": "shirt",
            "name": "Shirt",
            "options": ["Size", "Colour"],
            "variants": [
                {
                    "id": f"0199c0ff-ee00-7000-b000-00000000000{number}",
                    "sku": f"S-{size}-{colour}",
                    "price": {"amount": 1, "currency": "EUR"},
                    "available": stock,
                    "options": {"Size": size, "Colour": colour},
                }
                for number, (size, colour, stock) in enumerate(sizes)
            ],
        }
    )


def test_the_first_variant_that_can_be_had_is_chosen() -> None:
    product = shirt()
    chosen = chosen_variant(product, "")
    assert chosen is not None
    assert chosen.sku == "S-M-Blue"
    asked = chosen_variant(product, "S-M-Red")
    assert asked is not None
    assert asked.sku == "S-M-Red"


def test_each_value_leads_to_the_nearest_variant() -> None:
    product = shirt()
    size, colour = axes_of(product, chosen_variant(product, "S-M-Blue"))
    assert [(value.label, value.href.partition("sku=")[2]) for value in size.values] == [
        ("M", "S-M-Blue"),
        ("L", "S-L-Red"),
    ]
    assert [value.is_available for value in size.values] == [True, False]
    assert [(value.label, value.is_chosen, value.is_available) for value in colour.values] == [
        ("Red", False, False),
        ("Blue", True, True),
    ]
