"""Nothing that can be sent answers 500, and nothing refused changes anything."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from chassis.ids import new_id
from tests.services.products.shop import Json, ProductsShop, euro, shirt


@pytest.fixture(scope="module")
async def stocked(shared_shop: ProductsShop) -> ProductsShop:
    """A shop with one product, SHELF, of which five are there."""
    await shared_shop.add("SHELF", name="Shelf", stock=5)
    return shared_shop


@pytest.fixture
async def refusing(stocked: ProductsShop) -> AsyncIterator[ProductsShop]:
    """The stocked shop; when the test ends, nothing in it has changed."""
    before = await _everything(stocked)
    yield stocked
    assert await _everything(stocked) == before


async def _everything(shop: ProductsShop) -> list[int]:
    tables = ("products", "variants", "options", "stock_movements", "reservations", "idempotency_keys")
    counts = [await shop.db.fetchval(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608  # our own words
    return [*counts, await shop.db.fetchval("SELECT sum(version) FROM products")]


GOOD: Json = {"name": "Mug", "sku": "MUG", "price": euro(100), "stock": 1}
HUGE = 2**63


def _with(**changes: Any) -> Json:
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}


def _variants(*changes: Json, **more: Any) -> Json:
    body = shirt(**more)
    for at, change in enumerate(changes):
        body["variants"][at] |= change
    return body


BAD_PRODUCTS: dict[str, tuple[Json, str]] = {
    "no name": (_with(name=...), "/name"),
    "blank name": (_with(name="  "), "/name"),
    "long name": (_with(name="x" * 201), "/name"),
    "name of two lines": (_with(name="a\nb"), "/name"),
    "NUL": (_with(description="a\0b"), "/description"),
    "number as name": (_with(name=5), "/name"),
    "unknown field": (_with(colour="red"), "/(unknown field)"),
    "stock negative": (_with(stock=-1), "/stock"),
    "stock as text": (_with(stock="5"), "/stock"),
    "stock as float": (_with(stock=5.0), "/stock"),
    "stock as boolean": (_with(stock=True), "/stock"),
    "stock huge": (_with(stock=HUGE), "/stock"),
    "price missing": (_with(price=...), ""),
    "price bare": (_with(price=100), "/price"),
    "price negative": (_with(price=euro(-1)), "/price/amount"),
    "price huge": (_with(price=euro(HUGE)), "/price/amount"),
    "price without currency": (_with(price={"amount": 1}), "/price/currency"),
    "price in no currency": (_with(price={"amount": 1, "currency": "XQX"}), "/price/currency"),
    "price in another currency": (_with(price={"amount": 1, "currency": "USD"}), "/price/currency"),
    "was-price below": (_with(compare_at=euro(100)), "/compare_at/amount"),
    "sku missing": (_with(sku=...), ""),
    "sku with blank": (_with(sku="a b"), "/sku"),
    "sku long": (_with(sku="x" * 65), "/sku"),
    "slug with blank": (_with(slug="a b"), "/slug"),
    "slug like an id": (_with(slug="01990000-0000-7000-8000-000000000000"), "/slug"),
    "category unknown": (_with(category="nowhere"), "/category"),
    "status unknown": (_with(status="archived"), "/status"),
    "language unknown": (_with(translations={"fr": {}}), "/translations/(unknown field)"),
    "both forms": (_variants(sku="X") | {"sku": "X"}, ""),
    "options without variants": (_with(options=["Size"]), ""),
    "no variants": (shirt() | {"variants": []}, "/variants"),
    "too many variants": (shirt() | {"variants": shirt()["variants"] * 63}, "/variants"),
    "same sku twice": (_variants({}, {"sku": "TEE-RM"}), "/variants/1/sku"),
    "same options twice": (_variants({}, {"options": {"Size": "m", "Colour": "red"}}), "/variants/1/options"),
    "option missing": (_variants({"options": {"Size": "M"}}), "/variants/0/options"),
    "option named twice": (_variants(options=["Size", "Colour", "size"]), "/options"),
    "weight negative": (_with(weight_grams=-1), "/weight_grams"),
}


@pytest.mark.parametrize("case", BAD_PRODUCTS)
async def test_a_wrong_product_is_refused_at_its_place(refusing: ProductsShop, case: str) -> None:
    body, pointer = BAD_PRODUCTS[case]
    answer = await refusing.client.post("/products", json=body, headers=refusing.staff)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert pointer in [error["pointer"] for error in problem["errors"]], problem["errors"]


@pytest.mark.parametrize(
    ("content", "media", "status", "code"),
    [
        (b"{", "application/json", 400, "malformed_request"),
        (b"", "application/json", 422, "invalid"),
        (b"[]", "application/json", 422, "invalid"),
        (b"null", "application/json", 422, "invalid"),
        (b'{"name": NaN}', "application/json", 400, "malformed_request"),
        (b'{"name": "a", "name": "b"}', "application/json", 400, "malformed_request"),
        (b'{"name": "\\ud800"}', "application/json", 422, "invalid"),
        (b'{"name": "\xff"}', "application/json", 400, "malformed_request"),
        (b"[" * 100_000, "application/json", 400, "malformed_request"),
        (b'{"stock": ' + b"9" * 5000 + b"}", "application/json", 400, "malformed_request"),
        (b"{}", "text/plain", 415, "unsupported_media_type"),
        (b"a=b", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b'{"name": "' + b"x" * 300_000 + b'"}', "application/json", 413, "too_large"),
    ],
)
async def test_an_unreadable_body_is_refused(
    refusing: ProductsShop, content: bytes, media: str, status: int, code: str
) -> None:
    product = await refusing.product("shelf")
    calls = [
        ("POST", "/products", refusing.staff),
        ("PUT", f"/products/{product['id']}", {**refusing.staff, "if-match": "*"}),
        ("POST", "/stock/SHELF/adjustments", refusing.staff),
        ("POST", "/internal/prices", refusing.cart),
        ("PUT", f"/internal/reservations/{new_id()}", refusing.orders),
    ]
    for method, path, headers in calls:
        answer = await refusing.client.request(
            method, path, content=content, headers={**headers, "content-type": media}
        )
        found = (answer.status_code, answer.json()["code"])
        assert found == (status, code), (method, path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert "xxxx" not in answer.text


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


@pytest.mark.parametrize(
    "body",
    [
        {"lines": [], "ttl_seconds": 60},
        {"lines": [{"variant_id": "x", "quantity": 1}], "ttl_seconds": 60},
        {"lines": [{"variant_id": str(new_id()), "quantity": 0}], "ttl_seconds": 60},
        {"lines": [{"variant_id": str(new_id()), "quantity": -1}], "ttl_seconds": 60},
        {"lines": [{"variant_id": str(new_id()), "quantity": 1000}], "ttl_seconds": 60},
        {"lines": [{"variant_id": str(new_id()), "quantity": True}], "ttl_seconds": 60},
        {"lines": [{"variant_id": str(new_id()), "quantity": 1}], "ttl_seconds": 0},
        {"lines": [{"variant_id": str(new_id()), "quantity": 1}], "ttl_seconds": HUGE},
        {"lines": [{"variant_id": str(new_id()), "quantity": 1}]},
        {"lines": [{"variant_id": str(new_id()), "quantity": 1, "sku": "X"}], "ttl_seconds": 60},
    ],
)
async def test_a_wrong_reservation_is_refused(refusing: ProductsShop, body: Json) -> None:
    answer = await refusing.client.put(
        f"/internal/reservations/{new_id()}", json=body, headers=refusing.orders
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("delta", [0, "1", 1.0, True, None, HUGE, -HUGE, 10**9 + 1])
async def test_a_wrong_adjustment_is_refused(refusing: ProductsShop, delta: object) -> None:
    body = {"delta": delta, "reason": "x"}
    answer = await refusing.client.post("/stock/SHELF/adjustments", json=body, headers=refusing.staff)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/delta")


async def test_the_largest_numbers_fit(shop: ProductsShop) -> None:
    await shop.add(stock=10**9, amount=10**15)
    for _ in range(3):
        assert (await shop.adjust("MUG", 10**9)).status_code == 201
    assert (await shop.client.get("/products?facets=true")).json()["items"][0]["available"] == 4 * 10**9


@pytest.mark.parametrize("value", ['"', "1", "W/", '"x"', '"1', "*, *", "\x7f", '"' + "9" * 90 + '"'])
async def test_a_strange_if_match_matches_nothing(refusing: ProductsShop, value: str) -> None:
    product = await refusing.product("shelf")
    answer = await refusing.client.put(
        f"/products/{product['id']}", json=_with(stock=...), headers={**refusing.staff, "if-match": value}
    )
    assert answer.status_code == 412


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "ключ".encode()])
async def test_a_strange_idempotency_key_is_refused(refusing: ProductsShop, key: str | bytes) -> None:
    headers: Any = {**refusing.staff, "idempotency-key": key}
    answer = await refusing.client.post("/products", json=GOOD, headers=headers)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/products", "GET, POST"),
        ("DELETE", "/products", "GET, POST"),
        ("POST", "/products/x", "GET, PUT, DELETE"),
        ("POST", "/categories", "GET"),
        ("DELETE", "/stock/X", "GET"),
    ],
)
async def test_a_wrong_method_names_the_right_ones(
    refusing: ProductsShop, method: str, path: str, allowed: str
) -> None:
    answer = await refusing.client.request(method, path, headers=refusing.staff)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer x", "Bearer a.b.c", "Basic eDp5", "Bearer " + "x" * 5000]
)
async def test_a_bad_token_is_refused_even_where_none_is_needed(refusing: ProductsShop, token: str) -> None:
    answer = await refusing.client.get("/products", headers={"authorization": token})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("language", ["", "ru-RU", "xx", "*", ";;;q=", "ru;q=x", "ru;q=-1", "é", "r" * 900])
async def test_any_wished_language_is_answered(refusing: ProductsShop, language: str) -> None:
    answer = await refusing.client.get("/products", headers={b"accept-language": language.encode()})
    assert answer.status_code == 200
    assert answer.headers["content-language"] == ("ru" if language == "ru-RU" else "en")
