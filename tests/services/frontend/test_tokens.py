"""Tokens of people: who gets one, for what, and that services believe them."""

import httpx2
import pytest

from chassis.auth import PeopleKeys, TokenVerifier
from chassis.errors import Unauthenticated
from tests.pages.browser import PASSWORD, Browser
from tests.pages.conftest import World


async def verifier(browser: Browser, audience: str) -> TokenVerifier:
    """As a service has it: with the keys the gateway publishes."""
    keys = (await browser.client.get("/.well-known/jwks.json")).json()
    assert all("d" not in key for key in keys["keys"]), "no private half"

    async def _fetch() -> dict[str, object]:
        return dict(keys)

    return TokenVerifier(audience, services={}, people=PeopleKeys(_fetch), people_issuer="frontend")


async def ask(
    browser: Browser, audience: str = "cart", password: str = PASSWORD, **headers: str
) -> httpx2.Response:
    form = {"grant_type": "password", "username": "anna@example.com", "password": password}
    return await browser.client.post(f"/auth/token?audience={audience}", data=form, headers=headers)


async def test_token_is_for_one_service_and_a_quarter_of_an_hour(browser: Browser) -> None:
    await browser.sign_up()
    answer = await ask(browser)
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("bearer", 900)
    assert answer.headers["cache-control"] == "no-store"
    caller = await (await verifier(browser, "cart")).caller(body["access_token"])
    assert (caller.email, caller.roles) == ("anna@example.com", frozenset({"customer"}))
    with pytest.raises(Unauthenticated):
        await (await verifier(browser, "orders")).caller(body["access_token"])


async def test_wrong_password_is_invalid_grant_and_is_throttled(browser: Browser) -> None:
    await browser.sign_up()
    statuses = [(await ask(browser, password="guess")).status_code for _ in range(7)]
    assert statuses == [400] * 6 + [429]
    assert (await ask(browser, password="guess")).json()["error"] == "temporarily_unavailable"


async def test_unknown_audience_is_refused(browser: Browser) -> None:
    await browser.sign_up()
    assert (await ask(browser, "frontend")).status_code == 422


async def test_cors_is_for_the_documentation_pages_only(browser: Browser) -> None:
    await browser.sign_up()
    allowed = await ask(browser, origin="http://localhost:8001")
    assert allowed.headers["access-control-allow-origin"] == "http://localhost:8001"
    foreign = await ask(browser, origin="https://evil.test")
    assert "access-control-allow-origin" not in foreign.headers
    preflight = await browser.client.options("/auth/token", headers={"origin": "http://localhost:8001"})
    assert preflight.headers["access-control-allow-methods"] == "POST"
    for path in ("/products", "/api/cart/cart", "/signin", "/"):
        answer = await browser.client.get(path, headers={"origin": "http://localhost:8001"})
        assert "access-control-allow-origin" not in answer.headers


async def test_own_calls_carry_short_tokens_of_the_person(browser: Browser, world: World) -> None:
    await browser.sign_up()
    await browser.open("/orders")
    authorization = next(h["authorization"] for _, path, h in world.orders.seen if path == "/orders")
    caller = await (await verifier(browser, "orders")).caller(authorization.removeprefix("Bearer "))
    assert caller.email == "anna@example.com"
    issued = await (await verifier(browser, "orders")).caller(authorization.removeprefix("Bearer "))
    import time

    assert 0 < issued.expires_at - time.time() <= 60


async def test_public_pages_ask_in_nobodys_name(browser: Browser, world: World) -> None:
    await browser.sign_up()
    await browser.open("/products")
    assert all("authorization" not in headers for _, _, headers in world.products.seen)
