"""Nothing that can be sent answers 500, and nothing refused changes anything."""

from typing import Any

import pytest

from chassis.ids import new_id
from tests.services.products.shop import Json, ProductsShop, euro

GOOD: Json = {"name": "Mug", "sku": "MUG", "price": euro(100)}


HUGE = 2**63


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
        f"/products/{product['id']}", json=GOOD, headers={**refusing.staff, "if-match": value}
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
