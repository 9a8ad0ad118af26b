"""Nonsense is refused with a problem, and leaves nothing."""

from uuid import uuid4

import pytest

from tests.services.payments.conftest import Shop

RETURN = "http://localhost:8000/checkout/y/return"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "status=paid",
        "order_id=1",
        "nonsense=1",
        "created_from=yesterday",
        "provider=S%00",
        "quarantined=maybe",
    ],
)
async def test_bad_queries_are_422(shop: Shop, query: str) -> None:
    assert (await shop.client.get(f"/payments?{query}", headers=shop.staff)).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/payments",
        "/internal/payments/{id}",
        "/internal/payments/{id}/void",
        "/internal/payments/{id}/capture",
        "/internal/refunds/{id}",
    ],
)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"order_id": NaN}', 400),
        (b'{"a":1,"a":2}', 400),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"reason":"\\u0000","only_if_unpaid":true}', 422),
        (b'{"reason":"\\ud800","only_if_unpaid":true}', 422),
        (b'{"amount":{"amount":99999999999999999999,"currency":"EUR"}}', 422),
        (b'{"amount":{"amount":true,"currency":"EUR"}}', 422),
        (b"x" * 300_000, 413),
    ],
)
async def test_nonsense_is_refused(shop: Shop, path: str, body: bytes, status: int) -> None:
    method = "POST" if path == "/payments" else "PUT"
    headers = shop.me if method == "POST" else shop.service
    sent = {**headers, "content-type": "application/json"}
    answer = await shop.client.request(method, path.replace("{id}", str(uuid4())), content=body, headers=sent)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert await shop.db.fetchval("SELECT count(*) FROM payments") == 0


async def test_wrong_methods_and_media_types(shop: Shop) -> None:
    assert (await shop.client.patch("/payments", headers=shop.me)).status_code == 405
    sent = {**shop.me, "content-type": "text/plain"}
    assert (await shop.client.post("/payments", content=b"{}", headers=sent)).status_code == 415


async def test_it_says_whether_it_is_ready(shop: Shop) -> None:
    ready = await shop.client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]) == (200, {"database": "ok", "migrations": "0002"})
    await shop.db.execute("SELECT 1")
    await shop.desk.db.pool.close()
    assert (await shop.client.get("/readyz")).status_code == 503
