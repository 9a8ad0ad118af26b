"""What people may see of payments: their own, and staff all of them."""

from typing import Any
from uuid import uuid4

import pytest

from tests.services.payments.conftest import DUE, GUEST_HASH, GUEST_TOKEN, Shop

RETURN = "http://localhost:8000/checkout/y/return"


async def test_a_customer_sees_a_payment_with_everything_asked_of_the_provider(shop: Shop) -> None:
    payment_id = await shop.captured()
    answer = await shop.client.get(f"/payments/{payment_id}", headers=shop.me)
    assert answer.status_code == 200
    seen = answer.json()
    assert seen.pop("created_at").endswith("Z")
    assert [operation.pop("created_at").endswith("Z") for operation in seen["operations"]] == [True, True]
    assert seen == {
        "id": str(payment_id),
        "order_id": str((await shop.row(payment_id))["order_id"]),
        "order_number": "7KQ4M2XD",
        "provider": "stripe",
        "method": "card",
        "status": "captured",
        "amount": DUE,
        "authorized": DUE,
        "captured": DUE,
        "refunded": {"amount": 0, "currency": "EUR"},
        "operations": [
            {"kind": "authorize", "status": "succeeded", "amount": DUE, "code": None},
            {"kind": "capture", "status": "succeeded", "amount": DUE, "code": None},
        ],
        "redirect_url": None,
        "quarantined": False,
        "quarantine_reason": None,
    }


PATHS = [
    ("GET", "/payments/{id}", None),
    ("PUT", "/payments/{id}", {"return_url": RETURN}),
    ("DELETE", "/payments/{id}", None),
    ("POST", "/payments", {"order_id": "{order}", "method": "card"}),
]


@pytest.mark.parametrize(("method", "path", "body"), PATHS)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("nobody", 401),
        ("stranger", 404),
        ("wrong token", 404),
        ("service", 403),
        ("bad bearer", 401),
        ("owner", 200),
        ("guest", 200),
        ("staff", 200),
    ],
)
async def test_ownership(
    shop: Shop, method: str, path: str, body: dict[str, str] | None, who: str, status: int
) -> None:
    order_id = uuid4()
    payment_id = await shop.open(order_id, order_token_hash=GUEST_HASH)
    before = await shop.row(payment_id)
    headers = {
        "nobody": {},
        "stranger": shop.identities.customer_headers("payments", uuid4()),
        "wrong token": {"x-order-token": GUEST_TOKEN + "x"},
        "service": shop.service,
        "bad bearer": {"authorization": "Bearer a.b.c"},
        "owner": shop.me,
        "guest": {"x-order-token": GUEST_TOKEN},
        "staff": shop.staff,
    }[who]
    sent = {name: value.replace("{order}", str(order_id)) for name, value in body.items()} if body else None
    answer = await shop.client.request(
        method, path.replace("{id}", str(payment_id)), json=sent, headers=headers
    )
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert await shop.row(payment_id) == before


INTERNAL = [
    ("PUT", "/internal/payments/{id}"),
    ("PUT", "/internal/payments/{id}/sync"),
    ("PUT", "/internal/payments/{id}/capture"),
    ("PUT", "/internal/payments/{id}/void"),
    ("PUT", "/internal/refunds/{id}"),
    ("GET", "/internal/payables/{id}"),
]


@pytest.mark.parametrize(("method", "path"), INTERNAL)
async def test_only_orders_may_use_what_is_internal(shop: Shop, method: str, path: str) -> None:
    other_audience = shop.identities.service_headers("orders", "products")
    cart = shop.identities.service_headers("cart", "payments")
    for headers, status in (
        ({}, 401),
        ({"x-order-token": GUEST_TOKEN}, 401),
        (other_audience, 401),
        (shop.me, 403),
        (shop.staff, 403),
        (cart, 403),
    ):
        answer = await shop.client.request(
            method, path.replace("{id}", str(uuid4())), json={}, headers=headers
        )
        assert answer.status_code == status, (headers, answer.text)
    assert await shop.db.fetchval("SELECT count(*) FROM payments") == 0


async def test_a_list_holds_what_the_caller_may_see(shop: Shop) -> None:
    mine = [await shop.open() for _ in range(3)]
    guest = await shop.open(customer_id=None, order_token_hash=GUEST_HASH)

    async def ids(headers: dict[str, str], **params: Any) -> list[str]:
        answer = await shop.client.get("/payments", params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["items"]]

    newest_first = [str(each) for each in reversed(mine)]
    assert await ids(shop.me) == newest_first
    assert await ids({"x-order-token": GUEST_TOKEN}) == [str(guest)]
    assert await ids(shop.staff) == [str(guest), *newest_first]
    assert await ids(shop.identities.customer_headers("payments", uuid4())) == []
    assert (await shop.client.get("/payments")).status_code == 401
    await shop.void(mine[0])
    assert await ids(shop.staff, status="voided") == [str(mine[0])]
    assert await ids(shop.staff, quarantined="true") == []
    assert await ids(shop.staff, customer_id=str(shop.customer)) == newest_first
    assert await ids(shop.me, customer_id=str(uuid4())) == []
    order_id = str((await shop.row(guest))["order_id"])
    assert await ids(shop.staff, order_id=order_id, provider="stripe") == [str(guest)]
    assert await ids(shop.me, order_id=order_id) == []
    assert await ids(shop.staff, created_to="2020-01-01T00:00:00Z") == []
    assert len(await ids(shop.staff, created_from="2020-01-01T00:00:00Z")) == 4


async def test_pages_follow_each_other_and_cursors_belong_to_their_list(shop: Shop) -> None:
    made = [str(await shop.open()) for _ in range(5)]
    seen, cursor = [], None
    while True:
        params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await shop.client.get("/payments", params=params, headers=shop.me)).json()
        seen += [each["id"] for each in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
        last = cursor
    assert seen == list(reversed(made))
    for params, headers in (
        ({"cursor": last}, shop.staff),
        ({"cursor": last, "status": "voided"}, shop.me),
        ({"cursor": "x" + last}, shop.me),
        ({"cursor": "é"}, shop.me),
    ):
        answer = await shop.client.get("/payments", params=params, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


async def test_staff_see_the_ledger_of_a_payment_and_why_it_is_quarantined(shop: Shop) -> None:
    payment_id = await shop.captured()
    await shop.refund(uuid4(), payment_id, 500)
    answer = await shop.client.get(f"/payments/{payment_id}/ledger", headers=shop.staff)
    assert [(each["kind"], each["account"], each["amount"]["amount"]) for each in answer.json()["items"]] == [
        ("capture", "provider_clearing", 1999),
        ("capture", "orders_paid", -1999),
        ("refund_reserved", "orders_paid", 500),
        ("refund_reserved", "refunds_pending", -500),
        ("refund_succeeded", "refunds_pending", 500),
        ("refund_succeeded", "provider_clearing", -500),
    ]
    assert (await shop.client.get(f"/payments/{payment_id}/ledger", headers=shop.me)).status_code == 403
    assert (await shop.client.get(f"/payments/{uuid4()}/ledger", headers=shop.staff)).status_code == 404
