"""What a shopper does, in the words of a shopper; works in every language, with and without JavaScript."""

import re

from playwright.sync_api import Page, expect

from tests.support.shop import RunningShop

GOOD_CARD = "4242 4242 4242 4242"
DECLINED_CARD = "4000 0000 0000 0002"
BANK_ASKS_CARD = "4000 0025 0000 3155"
ORDER_PAGE = re.compile(r"/orders/[0-9a-f-]{36}")
ADDRESS = {"name": "Anna Keller", "line1": "Torstraße 1", "postal_code": "10119", "city": "Berlin"}


def put_in_cart(page: Page, slug: str) -> None:
    """One piece of the product's chosen variant is in the cart."""
    page.goto(f"/products/{slug}")
    with page.expect_response(lambda response: "/cart/items" in response.url):
        page.locator("form.buy button[type=submit]").click()


def fill_in_checkout(page: Page, *, email: str = "guest@example.com", coupon: str = "") -> None:
    """The checkout page is filled in and shows a total for Germany."""
    page.goto("/checkout")
    form = page.locator("#checkout")
    form.locator("[name=email]").fill(email)
    for name, value in ADDRESS.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("[name=country]").select_option("DE")
    form.locator("[name=coupon]").fill(coupon)
    update = page.locator("#summary button[data-update]")
    if update.is_visible():
        update.click()
    expect(page.locator("#summary .totals-sum")).to_be_visible()


def press_pay(page: Page) -> None:
    """The order is placed; the browser is on the provider's page."""
    page.locator("#summary button[data-pay]").click()
    page.wait_for_url(re.compile(r"/pay/"))


def pay_with(page: Page, card: str = GOOD_CARD) -> None:
    """The card form of the provider's page is sent."""
    form = page.locator("form.card-form")
    form.locator("[name=number]").fill(card)
    form.locator("[name=expiry]").fill("12 / 34")
    form.locator("[name=cvc]").fill("123")
    form.locator("button[type=submit]").click()


def see_order(page: Page) -> str:
    """The order's page has come by itself; the order's id."""
    page.wait_for_url(ORDER_PAGE, timeout=30_000)
    expect(page.locator("h1")).to_be_visible()
    return page.url.split("/orders/")[1].split("?")[0]


def sign_in(page: Page, shop: RunningShop, email: str) -> None:
    """The visitor is signed in as a demo account."""
    page.goto("/signin")
    page.locator("form [name=email]").fill(email)
    page.locator("form [name=password]").fill(shop.password(email))
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("form [name=password]")).to_have_count(0)
