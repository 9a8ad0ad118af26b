"""What other sites, other people and nasty texts cannot do."""

import pytest

from tests.pages.browser import HTML, ORIGIN, Browser
from tests.pages.conftest import World
from tests.pages.test_cart import put

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><script>alert(1)</script>",
    "'-alert(1)-'",
    "javascript:alert(1)",
    "{{7*7}}",
    "<svg/onload=alert(1)>",
    "&lt;b&gt;",
    "\u202egnp.exe",
    "]]><!--",
]


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"sec-fetch-site": "same-origin", "origin": ORIGIN}, True),
        ({"sec-fetch-site": "none"}, True),
        ({}, True),
        ({"origin": ORIGIN}, True),
        ({"sec-fetch-site": "cross-site", "origin": "https://evil.test"}, False),
        ({"sec-fetch-site": "same-site", "origin": "https://other.shop.test"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"origin": "https://evil.test"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://shop.test.evil.test"}, False),
    ],
)
async def test_unsafe_requests_from_other_sites_are_refused(
    browser: Browser, world: World, headers: dict[str, str], passes: bool
) -> None:
    form = {"sku": "BLUE-MUG", "quantity": "1", "key": "k"}
    answer = await browser.client.post("/cart/items", data=form, headers={**HTML, **headers})
    assert (answer.status_code == 303) is passes
    assert bool(world.cart.carts) is passes
    if not passes:
        assert answer.status_code == 403


async def test_api_writes_are_guarded_too(browser: Browser, world: World) -> None:
    headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.test"}
    answer = await browser.client.post(
        "/api/cart/cart", json={"sku": "BLUE-MUG", "quantity": 1}, headers=headers
    )
    assert answer.status_code == 403
    assert answer.json()["code"] == "cross_site_request"
    assert not world.cart.carts


@pytest.mark.parametrize("path", ["/", "/products", "/nowhere", "/openapi.json", "/signin"])
async def test_every_answer_carries_the_headers(browser: Browser, path: str) -> None:
    answer = await browser.client.get(path, headers=HTML)
    policy = answer.headers["content-security-policy"]
    for rule in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self' https://pay.test",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    ):
        assert rule in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_private_pages_are_not_stored(browser: Browser) -> None:
    await put(browser)
    for path in ("/cart", "/checkout", "/products"):
        await browser.request("GET", path)
        assert browser.answer.headers["cache-control"] == "no-store", "with a session nothing is stored"


@pytest.mark.parametrize("text", NASTY)
async def test_nasty_texts_are_only_texts(world: World, text: str) -> None:
    browser = world.new_browser()
    product = world.products.add("Nasty", slug="nasty")
    product |= {"name": text, "description": text, "images": [{**product["images"][0], "alt": text}]}
    world.products.categories[0]["name"] = text
    for path in ("/", "/products", "/products/nasty"):
        await browser.open(path)
        assert text in "".join(browser.page.root.itertext())
    await browser.open("/products?q=" + text.replace("&", "%26").replace("#", "%23"))
    assert browser.page.by_id("search").attrib["value"] == text
    await put(browser, "nasty")
    assert text in browser.words or " ".join(text.split()) in browser.words
    await browser.open("/checkout")
    await browser.submit("/checkout", action="update", name=text, line1=text, note=text)
    assert browser.page.form("/checkout").values["note"] == text


@pytest.mark.parametrize(
    "target",
    [
        "//evil.test",
        "https://evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "https:evil.test",
        "/\tevil",
        "javascript:x",
        "",
    ],
)
async def test_sign_in_never_leads_elsewhere(browser: Browser, target: str) -> None:
    await browser.open("/signup")
    await browser.request(
        "POST",
        "/signup",
        {"name": "Eve", "email": "eve@example.com", "password": "a long enough one", "next": target},
    )
    assert browser.answer.headers["location"] == "/"


async def test_a_planted_session_is_worth_nothing_after_sign_in(world: World) -> None:
    attacker, victim = world.new_browser(), world.new_browser()
    await put(attacker)
    planted = attacker.cookie("__Host-session")
    victim.client.cookies.set("__Host-session", planted, domain="shop.test")
    await victim.sign_up()
    assert victim.cookie("__Host-session") not in ("", planted)
    await attacker.open("/account")
    assert attacker.path.startswith("/signin")


async def test_an_invented_session_is_not_adopted(browser: Browser) -> None:
    browser.client.cookies.set("__Host-session", "x" * 43, domain="shop.test")
    await put(browser)
    assert browser.cookie("__Host-session") not in ("", "x" * 43)


async def test_sign_out_ends_the_session_for_good(browser: Browser, world: World) -> None:
    await browser.sign_up()
    token = browser.cookie("__Host-session")
    await browser.open("/account")
    await browser.submit("/signout")
    other = world.new_browser()
    other.client.cookies.set("__Host-session", token, domain="shop.test")
    await other.open("/account")
    assert other.path.startswith("/signin")


async def test_session_cookie_is_locked_down(browser: Browser) -> None:
    await browser.open("/signup")
    form = {"name": "A", "email": "a@example.com", "password": "a long enough one"}
    await browser.request("POST", "/signup", form)
    cookie = next(c for c in browser.answer.headers.get_list("set-cookie") if c.startswith("__Host-session="))
    for attribute in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


async def test_forged_notices_say_nothing(browser: Browser) -> None:
    browser.client.cookies.set("notice", "<b>hacked-1.unknown-2.signed_in-0", domain="shop.test")
    await browser.open("/")
    assert "hacked" not in browser.answer.text
    assert "You are signed in." in browser.words
