"""Whatever is sent: the problem that the design names, never a 500, and nothing changed."""

import asyncio
import json
from typing import Any

import httpx2

from chassis.ids import new_id
from tests.services.cart.conftest import Shop
from tests.services.cart.products_beside import variant

JSON = {"content-type": "application/json"}
MUG = str(variant("MUG"))

UNREADABLE: dict[str, bytes] = {
    "nothing": b"",
    "half": b'{"sku": "MUG", ',
    "bad utf-8": b'{"sku": "\xff", "quantity": 1}',
    "NaN": b'{"sku": "MUG", "quantity": NaN}',
    "Infinity": b'{"sku": "MUG", "quantity": -Infinity}',
    "duplicate keys": b'{"sku": "MUG", "quantity": 1, "quantity": 2}',
    "bottomless": b"[" * 200_000,
    "endless number": b'{"sku": "MUG", "quantity": ' + b"9" * 5000 + b"}",
}

WRONG_ADDITIONS: dict[str, Any] = {
    "list": [],
    "text": "MUG",
    "null": None,
    "empty": {},
    "no quantity": {"sku": "MUG"},
    "no name": {"quantity": 1},
    "two names": {"sku": "MUG", "variant_id": MUG, "quantity": 1},
    "null beside a name": {"sku": "MUG", "variant_id": None, "quantity": 1},
    "null name": {"sku": None, "quantity": 1},
    "nought": {"sku": "MUG", "quantity": 0},
    "negative": {"sku": "MUG", "quantity": -1},
    "thousand": {"sku": "MUG", "quantity": 1000},
    "huge": {"sku": "MUG", "quantity": 2**63},
    "very huge": {"sku": "MUG", "quantity": 10**400},
    "float": {"sku": "MUG", "quantity": 1.0},
    "text for number": {"sku": "MUG", "quantity": "1"},
    "truth": {"sku": "MUG", "quantity": True},
    "null quantity": {"sku": "MUG", "quantity": None},
    "NUL": {"sku": "MUG\0", "quantity": 1},
    "surrogate": {"sku": "\ud800", "quantity": 1},
    "empty sku": {"sku": "", "quantity": 1},
    "long sku": {"sku": "M" * 65, "quantity": 1},
    "injection": {"sku": "'; DROP TABLE carts; --", "quantity": 1},
    "no uuid": {"variant_id": "MUG", "quantity": 1},
    "uuid with NUL": {"variant_id": "\0" * 36, "quantity": 1},
    "price": {"sku": "MUG", "quantity": 1, "unit_price": {"amount": 1, "currency": "EUR"}},
    "customer": {"sku": "MUG", "quantity": 1, "customer_id": str(new_id())},
    "version": {"sku": "MUG", "quantity": 1, "version": 7},
}

WRONG_QUANTITIES: tuple[Any, ...] = (0, -1, 1000, 2**31, 2**63, 1.5, "1", "1e3", True, None, [], {})

WRONG_NOTES: dict[str, Any] = {
    "long": {"note": "x" * 501},
    "NUL": {"note": "\0"},
    "escape": {"note": "\x1b[31m"},
    "surrogate": {"note": "\udfff"},
    "number": {"note": 1},
    "null": {"note": None},
    "missing": {},
    "unknown": {"note": "x", "status": "ordered"},
}


STRANGE_IDS = {
    "x": 422,
    "0": 422,
    "..%2f..": 404,
    "%00": 422,
    "a" * 10_000: 422,
    "00000000-0000-0000-0000-00000000000g": 422,
}

NOBODYS = str(new_id())
WRONG_BETWEEN_SERVICES: list[tuple[str, str, dict[str, Any]]] = [
    ("merges", "frontend", {"cart_token": "", "customer_id": NOBODYS}),
    ("merges", "frontend", {"cart_token": "x" * 201, "customer_id": NOBODYS}),
    ("merges", "frontend", {"cart_token": "x", "customer_id": "anna"}),
    ("merges", "frontend", {"cart_token": "x"}),
    ("ordered", "orders", {"cart_id": NOBODYS, "lines": []}),
    ("ordered", "orders", {"cart_id": NOBODYS, "lines": [{"variant_id": MUG, "quantity": 0}]}),
    ("ordered", "orders", {"cart_id": NOBODYS, "lines": [{"variant_id": MUG}]}),
    ("ordered", "orders", {"cart_id": NOBODYS, "lines": [{"sku": "MUG", "quantity": 1}]}),
    ("ordered", "orders", {"cart_id": 7, "lines": [{"variant_id": MUG, "quantity": 1}]}),
]


async def _refused(
    shop: Shop, answer: httpx2.Response, status: int, before: list[Any], case: object = ""
) -> None:
    assert answer.status_code == status, (case, answer.text)
    assert answer.headers["content-type"] == "application/problem+json", case
    body = answer.json()
    assert {"type", "title", "status", "detail", "instance", "code", "request_id"} <= set(body)
    assert await shop.rows() == before, case


async def test_unreadable_bodies(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    line, before = (await shop.cart(who))["items"][0]["id"], await shop.rows()
    for name, content in UNREADABLE.items():
        for method, path in (("POST", "/cart"), ("PUT", "/cart"), ("PUT", f"/cart/{line}")):
            answer = await shop.client.request(method, path, content=content, headers={**who, **JSON})
            await _refused(shop, answer, 422 if name == "nothing" else 400, before, name)


async def test_wrong_additions(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    before = await shop.rows()
    for name, addition in WRONG_ADDITIONS.items():
        answer = await shop.client.post("/cart", content=_ascii_json(addition), headers={**who, **JSON})
        await _refused(shop, answer, 422, before, name)
        assert "DROP TABLE" not in answer.text


async def test_wrong_quantities(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    line, before = (await shop.cart(who))["items"][0]["id"], await shop.rows()
    for quantity in WRONG_QUANTITIES:
        answer = await shop.client.put(f"/cart/{line}", json={"quantity": quantity}, headers=who)
        await _refused(shop, answer, 422, before, quantity)
        assert answer.json()["errors"][0]["pointer"] == "/quantity"


async def test_wrong_notes(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    before = await shop.rows()
    for name, note in WRONG_NOTES.items():
        answer = await shop.client.put("/cart", content=_ascii_json(note), headers={**who, **JSON})
        await _refused(shop, answer, 422, before, name)


async def test_strange_line_ids(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    before = await shop.rows()
    for line, status in STRANGE_IDS.items():
        for method, body in (("PUT", {"quantity": 1}), ("DELETE", None)):
            answer = await shop.client.request(method, f"/cart/{line}", json=body, headers=who)
            await _refused(shop, answer, status, before, line[:50])


async def test_bodies_that_are_too_long_or_of_another_kind(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    before = await shop.rows()
    long = b'{"sku": "' + b"M" * 300_000 + b'", "quantity": 1}'
    body = b'{"sku": "MUG", "quantity": 1}'
    for content, headers, status in (
        (long, JSON, 413),
        (body, {"content-type": "text/plain"}, 415),
        (body, {"content-type": "application/x-www-form-urlencoded"}, 415),
        (body, {}, 415),
        (body, {**JSON, "content-encoding": "gzip"}, 415),
    ):
        answer = await shop.client.post("/cart", content=content, headers={**who, **headers})
        await _refused(shop, answer, status, before)


async def test_wrong_methods_query_keys_and_headers(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    line, before = (await shop.cart(who))["items"][0]["id"], await shop.rows()
    client, body = shop.client, {"sku": "MUG", "quantity": 1}
    for answer, status in (
        (await client.patch("/cart", json=body, headers=who), 405),
        (await client.post(f"/cart/{line}", json=body, headers=who), 405),
        (await client.get("/carts", headers=who), 404),
        (await client.get("/cart?debug=1", headers=who), 422),
        (await client.post("/cart?quantity=9", json=body, headers=who), 422),
        (await client.post("/cart", json=body, headers={**who, "idempotency-key": "k" * 256}), 422),
        (await client.post("/cart", json=body, headers={**who, "idempotency-key": "a b"}), 422),
        (await client.post("/cart", json=body, headers={**who, "if-match": "x" * 101}), 422),
        (await client.post("/cart", json=body, headers={**who, "if-match": '"99999999999999999999"'}), 412),
        (await client.post("/cart", json=body, headers={**who, "authorization": "Bearer a.b.c"}), 401),
    ):
        await _refused(shop, answer, status, before)
    assert (await client.patch("/cart", json=body)).headers["allow"] == "GET, POST, PUT, DELETE"


async def test_a_wrong_body_is_told_before_a_stale_version(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    line, before = (await shop.cart(who))["items"][0]["id"], await shop.rows()
    for path, body in (("/cart", {"note": 1}), (f"/cart/{line}", {"quantity": 0})):
        for tag in ('"7"', "strange"):
            answer = await shop.client.put(path, json=body, headers={**who, "if-match": tag})
            await _refused(shop, answer, 422, before)


async def test_strange_secrets_open_nothing(shop: Shop) -> None:
    await shop.guest(MUG=1)
    for secret in (b"\xff\xfe", b"x" * 10_000, b"' OR 1=1 --", b"%00"):
        answer = await shop.client.get("/cart", headers=[(b"x-cart-token", secret)])
        assert (answer.status_code, answer.json()["id"]) == (200, None)
        answer = await shop.client.get("/cart", headers=[(b"cookie", b"cart_token=" + secret)])
        assert (answer.status_code, answer.json()["id"]) == (200, None)


async def test_wrong_internal_bodies(shop: Shop) -> None:
    await shop.guest(MUG=1)
    before = await shop.rows()
    for path, caller, body in WRONG_BETWEEN_SERVICES:
        url = f"/internal/{path}/{new_id()}"
        await _refused(
            shop, await shop.client.put(url, json=body, headers=shop.as_service(caller)), 422, before, body
        )
    assert (
        await shop.db.fetchval("SELECT (SELECT count(*) FROM merges) + (SELECT count(*) FROM ordered)") == 0
    )


async def test_a_dead_database_is_503_and_not_ready(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    await asyncio.wait_for(shop.db.pool.close(), 5)
    answer = await shop.client.get("/cart", headers=who)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert (await shop.client.get("/readyz")).status_code == 503
    assert (await shop.client.get("/healthz")).status_code == 200


def _ascii_json(value: object) -> bytes:
    """JSON with every character outside ASCII escaped, lone surrogates too."""

    return json.dumps(value).encode("ascii")
