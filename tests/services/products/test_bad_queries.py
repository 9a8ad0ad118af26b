"""Nothing that can be asked of a list answers 500."""

import pytest

from tests.services.products.shop import ProductsShop

HUGE = 2**63


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=1e2",
        "price_min=-1",
        "price_min=1.5",
        f"price_max={HUGE}",
        f"price_max={10**400}",
        "sort=random",
        "sort=",
        "category=a%20b",
        "category=%00",
        "currency=eur",
        "currency=EURO",
        "status=hidden",
        "in_stock=perhaps",
        "facets=perhaps",
        "q=%00",
        "q=a%0Ab",
        "q=" + "x" * 201,
        "option.=M",
        "option.size=",
        "option.size=%00",
        "option.size=" + "x" * 101,
        "&".join(f"option.size={number}" for number in range(60)),
        "unknown=1",
        "attr.colour=red",
        "Limit=5",
        "cursor=" + "x" * 1025,
    ],
)
async def test_a_wrong_query_is_refused(refusing: ProductsShop, query: str) -> None:
    answer = await refusing.client.get(f"/products?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.text


@pytest.mark.parametrize(
    "typed",
    [
        "' OR 1=1 --",
        "a & | ! ( ) :* <->",
        '"""',
        "-",
        "\\",
        "%%%",
        "*" * 200,
        "(((((((((((((((((((((((",
        "or or or",
        "👩‍👩‍👧‍👦",
        "\u202e\u200d\ufeff",
        "e" + "\u0301" * 150,
        "ﷺ" * 50,
        "$1",
        "наушники & кофе",
        "'; DROP TABLE products; --",
    ],
)
async def test_nothing_typed_into_search_breaks_it(refusing: ProductsShop, typed: str) -> None:
    for more in ({}, {"facets": "true"}, {"sort": "price", "limit": "1"}):
        answer = await refusing.client.get("/products", params={"q": typed, **more})
        assert answer.status_code == 200, answer.text
