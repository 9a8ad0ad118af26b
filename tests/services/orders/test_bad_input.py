"""Whatever is sent: the problem that the conventions name, never a 500, and nothing changed."""

from typing import Any

from chassis.ids import new_id
from tests.services.orders.world import ADDRESS, World

GOOD: dict[str, Any] = {
    "cart_id": "00000000-0000-0000-0000-000000001388",
    "email": "guest@example.com",
    "shipping_address": ADDRESS,
    "shipping_method": "standard",
    "payment_method": "card",
}


def changed(**fields: Any) -> dict[str, Any]:
    return {**GOOD, **fields}


def addressed(**fields: Any) -> dict[str, Any]:
    return changed(shipping_address={**ADDRESS, **fields})


BAD = [
    (changed(payment_method="cash"), "/payment_method"),
    (changed(payment_method=None), "/payment_method"),
    (changed(shipping_method=""), "/shipping_method"),
    (changed(shipping_method="drone"), "/shipping_method"),
    (changed(coupon="NOSUCH"), "/coupon"),
    (changed(coupon="a b"), "/coupon"),
    (changed(email="nobody"), "/email"),
    (changed(email="a\nb@example.com"), "/email"),
    (changed(email=7), "/email"),
    (changed(cart_id="not-a-uuid"), "/cart_id"),
    (changed(cart_id=1), "/cart_id"),
    (changed(total={"amount": 1, "currency": "EUR"}), "/(unknown field)"),
    (changed(is_staff=True), "/(unknown field)"),
    (changed(customer_id=str(new_id())), "/(unknown field)"),
    (changed(expected_total=3490), "/expected_total"),
    (changed(expected_total={"amount": -1, "currency": "EUR"}), "/expected_total/amount"),
    (changed(expected_total={"amount": 10**30, "currency": "EUR"}), "/expected_total/amount"),
    (changed(expected_total={"amount": 1.5, "currency": "EUR"}), "/expected_total/amount"),
    (changed(expected_total={"amount": True, "currency": "EUR"}), "/expected_total/amount"),
    (changed(expected_total={"amount": 1, "currency": "eur"}), "/expected_total/currency"),
    (changed(return_url="https://evil.example/x"), "/return_url"),
    (changed(return_url="http://localhost:8000@evil.example/"), "/return_url"),
    (changed(return_url="http://localhost:8000\\@evil.example/"), "/return_url"),
    (changed(return_url="http://localhost:80000/"), "/return_url"),
    (changed(return_url="//localhost:8000/"), "/return_url"),
    (changed(return_url="javascript:alert(1)"), "/return_url"),
    (changed(return_url="http://[localhost:8000/"), "/return_url"),
    (changed(return_url="http://localhost:8000/" + "x" * 2000), "/return_url"),
    (changed(note="x" * 2001), "/note"),
    (changed(note="a\x00b"), "/note"),
    (addressed(country="ZZ"), "/shipping_address/country"),
    (addressed(country="de"), "/shipping_address/country"),
    (addressed(country="DEU"), "/shipping_address/country"),
    (addressed(postal_code="?"), "/shipping_address/postal_code"),
    (addressed(postal_code="1" * 13), "/shipping_address/postal_code"),
    (addressed(name=""), "/shipping_address/name"),
    (addressed(name="   "), "/shipping_address/name"),
    (addressed(name="a\x00b"), "/shipping_address/name"),
    (addressed(name="two\nlines"), "/shipping_address/name"),
    (addressed(name="x" * 101), "/shipping_address/name"),
    (addressed(phone="call me"), "/shipping_address/phone"),
    (addressed(planet="Mars"), "/shipping_address/(unknown field)"),
    (addressed(city=None), "/shipping_address/city"),
    (changed(billing_address={}), "/billing_address/name"),
]


async def test_a_wrong_field_is_named(world: World) -> None:
    world.fill()
    for body, pointer in BAD:
        answer = await world.client.post("/orders", json=body, headers=world.guest)
        assert answer.status_code == 422, (pointer, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert pointer in [error["pointer"] for error in answer.json()["errors"]], answer.text
    assert await world.one("SELECT count(*) FROM orders") == 0


RAW = [
    (b"{", 400),
    (b"", 422),
    (b"[]", 422),
    (b"null", 422),
    (b'{"email": NaN}', 400),
    (b'{"email": "a", "email": "b"}', 400),
    (b'{"email": "\\ud800"}', 422),
    (b"\xff\xfe", 400),
    (b"[" * 100_000, 400),
    (b'{"cart_id": ' + b"9" * 5000 + b"}", 400),
    (b'{"note": "' + b"x" * 300_000 + b'"}', 413),
]


async def test_a_body_that_is_no_good(world: World) -> None:
    headers = {**world.guest, "content-type": "application/json"}
    for path in ("/orders", "/quotes"):
        for content, status in RAW:
            answer = await world.client.post(path, content=content, headers=headers)
            assert answer.status_code == status, (content[:30], answer.text)
            assert answer.json()["code"]
            assert b"\\ud800" not in answer.content


async def test_quantities_that_are_none(world: World) -> None:
    for quantity in (0, -1, 1000, 2**31, 2**63, 10**40, 1.0, "1", True, None):
        body = {"lines": [{"sku": "MUG", "quantity": quantity}], "country": "DE"}
        answer = await world.client.post("/quotes", json=body)
        assert answer.status_code == 422, quantity
        assert answer.json()["errors"][0]["pointer"] == "/lines/0/quantity"


async def test_addresses_that_lead_nowhere(world: World) -> None:
    for method, path, status in (
        ("GET", "/orders/nonsense", 422),
        ("GET", "/orders/..%2f..%2fetc", 404),
        ("GET", "/orders/%00", 422),
        ("GET", f"/orders/{new_id()}", 404),
        ("GET", f"/orders/{new_id()}?wait=6", 422),
        ("GET", f"/orders/{new_id()}?wait=nan", 422),
        ("GET", f"/orders/{new_id()}?nonsense=1", 422),
        ("GET", "/orders?limit=0", 422),
        ("GET", "/orders?limit=101", 422),
        ("GET", "/orders?limit=99999999999999999999999", 422),
        ("GET", "/orders?status=paid", 422),
        ("GET", "/orders?number=%00", 422),
        ("GET", "/orders?email=%00", 422),
        ("GET", "/orders?cursor=%F0%9F%98%80", 400),
        ("PATCH", f"/orders/{new_id()}", 405),
        ("DELETE", "/orders", 405),
        ("GET", "/quotes", 405),
        ("DELETE", f"/orders/{new_id()}", 404),
        ("POST", f"/orders/{new_id()}/retry", 404),
        ("GET", "/nothing", 404),
    ):
        answer = await world.client.request(method, path, headers=world.staff)
        assert answer.status_code == status, (path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_other_media_are_refused(world: World) -> None:
    for media in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        headers = {**world.guest, "content-type": media}
        answer = await world.client.post("/orders", content=b'{"a": 1}', headers=headers)
        assert answer.status_code == 415, media


async def test_idempotency_keys_that_are_none(world: World) -> None:
    for key in ("", "k" * 256, "with blank", "with\ttab", "ключ".encode()):
        headers = {**world.guest, "content-type": "application/json", "idempotency-key": key}
        answer = await world.client.post("/orders", json=GOOD, headers=headers)  # type: ignore[arg-type]  # bytes are headers too
        assert answer.status_code == 422, key
    assert await world.one("SELECT count(*) FROM orders") == 0


async def test_a_cart_secret_that_cannot_be_one_is_refused(world: World) -> None:
    for secret in (b"\xff\xfe", "секрет".encode(), b"with blank", b"x" * 201):
        answer = await world.order(who={"x-cart-token": secret})  # type: ignore[dict-item]  # bytes are headers too
        assert answer.status_code == 422, secret
    assert await world.one("SELECT count(*) FROM orders") == 0


async def test_an_empty_cart_is_no_order(world: World) -> None:
    cart_id = world.cart.add([], token="a-guest-secret")
    answer = await world.order(cart_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "cart_empty")


async def test_unknown_news_is_refused(world: World) -> None:
    answer = await world.tell(str(new_id()), kind="payment.exploded")
    assert answer.status_code == 422


async def test_names_of_all_kinds_are_kept_as_they_are(world: World) -> None:
    names = ["Æ×ß Ünï-çødé", "Анна 🦊 Каренина", "a" + "\u0301" * 90, "\u202eevil", "{{7*7}}", "<b>'\"--;"]
    for name in names:
        order = await world.ordered(
            cart_id=world.fill(MUG=1), shipping_address={**ADDRESS, "name": name}, note=name
        )
        assert (order["shipping_address"]["name"], order["note"]) == (name, name)
        await world.cancel(order["id"])
        await world.idle()
