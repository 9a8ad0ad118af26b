"""What people may do with payments: their own, and staff all of them."""

from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx2
import pytest

from tests.services.payments.conftest import DUE, GUEST_HASH, GUEST_TOKEN, Shop
from tests.services.payments.fake_provider import LOST_AFTER, LOST_BEFORE, REFUSED

RETURN = "http://localhost:8000/checkout/y/return"


async def dead(shop: Shop, order_id: UUID, **changes: Any) -> UUID:
    """An attempt whose session ended unpaid."""
    payment_id = await shop.open(order_id, **changes)
    shop.provider.expire(payment_id)
    assert (await shop.sync(payment_id))["status"] == "failed"
    return payment_id


async def post(shop: Shop, order_id: UUID, headers: dict[str, str], **more: Any) -> httpx2.Response:
    body = {"order_id": str(order_id), "method": "card", **more}
    return await shop.client.post("/payments", json=body, headers=headers)


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
        answer = await shop.client.request(method, path.replace("{id}", str(uuid4())), json={}, headers=headers)
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


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "status=paid", "order_id=1", "nonsense=1", "created_from=yesterday", "provider=S%00", "quarantined=maybe"],
)
async def test_bad_queries_are_422(shop: Shop, query: str) -> None:
    assert (await shop.client.get(f"/payments?{query}", headers=shop.staff)).status_code == 422


async def test_paying_again_begins_the_next_attempt_and_orders_hears_of_it(shop: Shop) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    answer = await post(shop, order_id, shop.me, return_url=RETURN)
    assert answer.status_code == 201
    made = answer.json()
    assert made["id"] == str(uuid5(order_id, "2"))
    assert (made["status"], made["amount"]) == ("requires_action", DUE)
    assert made["redirect_url"] == f"https://pay.example/cs_1_{made['id']}"
    row = await shop.row(UUID(made["id"]))
    assert (row["success_url"], row["cancel_url"]) == (RETURN, f"{RETURN}?canceled=1")
    await shop.settled()
    assert shop.orders.heard == [("payment.created", made["id"])]
    again = await post(shop, order_id, shop.me)
    assert (again.status_code, again.json()["id"]) == (200, made["id"])


async def test_a_paid_order_is_not_paid_twice(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = await shop.captured(order_id)
    answer = await post(shop, order_id, shop.me)
    assert (answer.status_code, answer.json()["id"], answer.json()["redirect_url"]) == (200, str(payment_id), None)
    assert len(shop.provider.accounts) == 1


async def test_many_clicks_at_once_are_one_attempt(shop: Shop) -> None:
    import asyncio

    order_id = uuid4()
    await dead(shop, order_id)
    answers = await asyncio.gather(*(post(shop, order_id, shop.me) for _ in range(6)))
    assert {answer.json()["id"] for answer in answers} == {str(uuid5(order_id, "2"))}
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len(shop.provider.accounts) == 2


async def test_an_idempotency_key_answers_with_the_same_attempt(shop: Shop) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    keyed = {**shop.me, "idempotency-key": "k-1"}
    first = await post(shop, order_id, keyed)
    again = await post(shop, order_id, keyed)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json()["id"], again.headers["idempotent-replayed"]) == (first.json()["id"], "true")
    other = await post(shop, order_id, keyed, return_url=RETURN)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_slow_provider_is_202_and_the_page_follows(shop: Shop) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    shop.provider.fail("open", LOST_AFTER)
    answer = await post(shop, order_id, shop.me)
    assert (answer.status_code, answer.json()["redirect_url"]) == (202, None)
    await shop.let_time_pass()
    await shop.work()
    later = await shop.client.get(f"/payments/{answer.json()['id']}", headers=shop.me)
    assert later.json()["redirect_url"] is not None


async def test_a_provider_that_refuses_is_409(shop: Shop) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    shop.provider.fail("open", REFUSED)
    answer = await post(shop, order_id, shop.me)
    assert (answer.status_code, answer.json()["code"]) == (409, "provider_refused")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"method": "bank"}, "unknown_payment_method"),
        ({"return_url": "https://evil.example/"}, "foreign_return_url"),
        ({"return_url": "http://localhost:8000.evil.example/"}, "foreign_return_url"),
        ({"return_url": "http://localhost:8000@evil.example/"}, "invalid"),
        ({"return_url": "//evil.example"}, "invalid"),
        ({"amount": DUE}, "invalid"),
        ({"order_id": "x"}, "invalid"),
        ({"order_id": str(uuid4())}, "not_found"),
    ],
)
async def test_bad_wishes_begin_nothing(shop: Shop, change: dict[str, Any], code: str) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    body = {"order_id": str(order_id), "method": "card", **change}
    answer = await shop.client.post("/payments", json=body, headers=shop.me)
    assert answer.json()["code"] == code
    assert await shop.db.fetchval("SELECT count(*) FROM payments") == 1


async def test_there_is_an_end_to_trying(shop: Shop) -> None:
    order_id = uuid4()
    await dead(shop, order_id)
    for number in range(2, 21):
        made = await post(shop, order_id, shop.me)
        assert made.json()["id"] == str(uuid5(order_id, str(number)))
        shop.provider.expire(UUID(made.json()["id"]))
        await shop.sync(UUID(made.json()["id"]))
    answer = await post(shop, order_id, shop.me)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_attempts")


async def test_the_return_address_can_change_while_it_is_of_use(shop: Shop) -> None:
    payment_id = await shop.open()
    answer = await shop.client.put(f"/payments/{payment_id}", json={"return_url": RETURN + "?a=b"}, headers=shop.me)
    assert answer.status_code == 200
    assert (await shop.row(payment_id))["cancel_url"] == RETURN + "?a=b&canceled=1"
    foreign = await shop.client.put(f"/payments/{payment_id}", json={"return_url": "https://evil.example/x"}, headers=shop.me)
    assert (foreign.status_code, foreign.json()["code"]) == (422, "foreign_return_url")
    shop.provider.pay(payment_id)
    await shop.sync(payment_id)
    late = await shop.client.put(f"/payments/{payment_id}", json={"return_url": RETURN}, headers=shop.me)
    assert (late.status_code, late.json()["code"]) == (409, "payment_settled")


async def test_voiding_frees_the_order_for_another_attempt_and_orders_hears_of_it(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = await shop.open(order_id)
    for _ in range(2):
        answer = await shop.client.delete(f"/payments/{payment_id}", headers=shop.me)
        assert (answer.status_code, answer.json()["status"]) == (200, "voided")
    await shop.settled()
    assert shop.orders.heard == [("payment.voided", str(payment_id))]
    assert (await post(shop, order_id, shop.me)).status_code == 201


async def test_voiding_while_the_provider_is_away_is_202(shop: Shop) -> None:
    payment_id = await shop.open()
    shop.provider.fail("close", LOST_BEFORE)
    answer = await shop.client.delete(f"/payments/{payment_id}", headers=shop.me)
    assert (answer.status_code, answer.json()["status"]) == (202, "requires_action")
    await shop.let_time_pass()
    await shop.work()
    assert shop.orders.types() == ["payment.voided"]


@pytest.mark.parametrize("paid", ["known", "not yet known"])
async def test_paid_money_is_not_voided_by_the_shopper(shop: Shop, paid: str) -> None:
    payment_id = await shop.open()
    shop.provider.pay(payment_id)
    if paid == "known":
        await shop.sync(payment_id)
    answer = await shop.client.delete(f"/payments/{payment_id}", headers=shop.me)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_paid")
    await shop.settled()
    assert (await shop.row(payment_id))["status"] == "authorized"
    assert shop.orders.types() == ([] if paid == "known" else ["payment.authorized"])


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


@pytest.mark.parametrize("path", ["/payments", "/internal/payments/{id}", "/internal/payments/{id}/void", "/internal/payments/{id}/capture", "/internal/refunds/{id}"])
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
