"""The APIs behind the gateway's origin: what passes, what is stripped, what is not public."""

import pytest

from tests.pages.browser import Browser
from tests.pages.conftest import World

JSON = {"accept": "application/json"}


async def test_a_guest_cart_works_through_the_door(browser: Browser, world: World) -> None:
    made = await browser.client.post("/api/cart/cart", json={"sku": "BLUE-MUG", "quantity": 2}, headers=JSON)
    assert made.status_code == 201
    token = made.headers["x-cart-token"]
    seen = await browser.client.get("/api/cart/cart", headers={**JSON, "x-cart-token": token})
    assert seen.json()["items"][0]["quantity"] == 2


async def test_cookies_pass_in_neither_direction(browser: Browser, world: World) -> None:
    await browser.sign_up()
    for path in ("/products", "/products/shirt", "/media/x.webp", "/api/cart/cart", "/api/orders/orders"):
        answer = await browser.client.get(path, headers=JSON)
        assert "set-cookie" not in answer.headers
    made = await browser.client.post("/api/cart/cart", json={"sku": "BLUE-MUG", "quantity": 1}, headers=JSON)
    assert "set-cookie" not in made.headers
    for service in (world.products, world.cart, world.orders, world.payments):
        assert all("cookie" not in headers for _, _, headers in service.seen)


async def test_a_session_is_no_identity_at_the_api(browser: Browser) -> None:
    await browser.sign_up()
    answer = await browser.client.get("/api/orders/orders", headers=JSON)
    assert answer.status_code == 401


async def test_only_known_headers_pass(browser: Browser, world: World) -> None:
    sent = {
        **JSON,
        "accept-language": "ru",
        "authorization": "Bearer x",
        "x-cart-token": "c",
        "x-order-token": "o",
        "idempotency-key": "i",
        "if-none-match": '"1"',
        "x-user-id": "1",
        "x-forwarded-for": "1.2.3.4",
        "x-customer-id": "1",
    }
    await browser.client.get("/api/orders/orders", headers=sent)
    seen = world.orders.seen[-1][2]
    for name in (
        "accept-language",
        "authorization",
        "x-cart-token",
        "x-order-token",
        "idempotency-key",
        "if-none-match",
    ):
        assert seen[name] == sent[name]
    for name in ("x-user-id", "x-forwarded-for", "x-customer-id"):
        assert name not in seen
    assert seen["x-request-id"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/cart/internal/carts/1",
        "/api/orders/internal/events/1",
        "/api/products/internal/prices",
        "/api/products/metrics",
        "/api/payments/webhooks/stripe",
        "/api/cart/healthz",
        "/api/cart/docs2",
        "/api/frontend/cart",
        "/api/sandbox/v1",
        "/api/cart/cart/../internal/carts/1",
        "/api/cart/cart/%2e%2e/internal/carts/1",
        "/api/cart/cart%2f..%2finternal",
        "/api/cart//internal/carts/1",
        "/products/../internal/prices",
        "/products/%2e%2e/internal/prices",
        "/internal/prices",
        "/internal/merges/1",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_what_is_internal_is_not_reachable(
    browser: Browser, world: World, path: str, method: str
) -> None:
    answer = await browser.client.request(method, path, headers=JSON)
    assert answer.status_code in (404, 405)
    for service in (world.products, world.cart, world.orders, world.payments):
        assert not [
            seen
            for _, seen, _ in service.seen
            if "internal" in seen or "metrics" in seen or "webhooks" in seen
        ]


async def test_a_dead_service_is_a_problem_with_retry_after(browser: Browser, world: World) -> None:
    world.cart.down = True
    answer = await browser.client.get("/api/cart/cart", headers=JSON)
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"


async def test_pictures_are_cached_for_long(browser: Browser) -> None:
    answer = await browser.client.get("/media/shirt.webp")
    assert answer.headers["content-type"] == "image/webp"
    assert "immutable" in answer.headers["cache-control"]


async def test_documentation_stays_on_this_origin(browser: Browser) -> None:
    page = await browser.client.get("/docs")
    assert page.status_code == 200
    start = (await browser.client.get("/docs/start.js")).text
    for service in ("products", "cart", "orders", "payments"):
        assert f"/api/{service}/openapi.json" in start
    document = (await browser.client.get("/api/products/openapi.json")).json()
    assert document["servers"] == [{"url": "/"}]
    flow = document["components"]["securitySchemes"]["account"]["flows"]["password"]
    assert flow["tokenUrl"] == "/auth/token?audience=products"
    assert (await browser.client.get("/openapi.json")).json() == document


async def test_static_files_by_content(browser: Browser) -> None:
    page = await browser.client.get("/", headers={"accept": "text/html"})
    start = page.text.index("/static/css/style.css?v=")
    address = page.text[start : page.text.index('"', start)]
    style = await browser.client.get(address, headers={"accept-encoding": "gzip"})
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert style.headers["content-encoding"] == "gzip"
    assert "../fonts/" not in style.text
    again = await browser.client.get(address, headers={"if-none-match": style.headers["etag"]})
    assert again.status_code == 304
    assert (await browser.client.get("/static/../settings.py")).status_code == 404
    assert (await browser.client.get("/static/css/style.css")).headers[
        "cache-control"
    ] == "public, max-age=3600"
