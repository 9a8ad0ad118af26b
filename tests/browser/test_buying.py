"""A purchase in a browser, and every way it can go another way. Afterwards the books agree."""

import os
import re
import signal
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.steps import (
    BANK_ASKS_CARD,
    DECLINED_CARD,
    fill_in_checkout,
    pay_with,
    press_pay,
    put_in_cart,
    see_order,
    sign_in,
)
from tests.support.shop import RunningShop

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("shop")]


def product_in_stock(shop: RunningShop, at_least: int = 3) -> dict[str, Any]:
    """A product with one variant and enough of it."""
    cursor = ""
    while True:
        page = shop.ask("products", f"/products?in_stock=true&limit=100{cursor}")
        for item in page["items"]:
            product: dict[str, Any] = shop.ask("products", f"/products/{item['id']}")
            if len(product["variants"]) == 1 and product["available"] >= at_least:
                return product
        cursor = f"&cursor={page['next_cursor']}"


def available(shop: RunningShop, product: dict[str, Any]) -> int:
    found: int = shop.ask("products", f"/products/{product['id']}")["available"]
    return found


def order_of(shop: RunningShop, order_id: str) -> dict[str, Any]:
    found: dict[str, Any] = shop.ask("orders", f"/orders/{order_id}", staff=True)
    return found


def until_status(shop: RunningShop, order_id: str, status: str) -> dict[str, Any]:
    """The order when it has that status, within 20 seconds; else as it is then."""
    end = time.monotonic() + 20
    while (order := order_of(shop, order_id))["status"] != status and time.monotonic() < end:
        time.sleep(0.2)
    return order


def assert_books_agree(shop: RunningShop, order: dict[str, Any]) -> None:
    """Order, payment, ledger and the provider's own books name the same sum."""
    total = order["total"]["amount"]
    payments = shop.ask("payments", f"/payments?order_id={order['id']}", staff=True)["items"]
    assert [payment["captured"]["amount"] for payment in payments if payment["status"] == "captured"] == [
        total
    ]
    books = shop.ask("sandbox", "/sandbox/ledger")["intents"]
    received = [intent for intent in books if intent["metadata"].get("order_id") == order["id"]]
    assert [(intent["status"], intent["amount_received"]) for intent in received] == [("succeeded", total)]


@pytest.mark.parametrize(
    ("locale", "javascript", "customer", "phone"),
    [
        ("en", True, "", False),
        ("en", False, "anna@example.com", True),
        ("ru", True, "ivan@example.com", True),
        ("ru", False, "", False),
    ],
)
def test_a_purchase(
    shop: RunningShop, shopper: OpenPage, locale: str, javascript: bool, customer: str, phone: bool
) -> None:
    product = product_in_stock(shop)
    before = available(shop, product)
    page = shopper(locale=locale, javascript=javascript, phone=phone)
    if customer:
        sign_in(page, shop, customer)
    put_in_cart(page, product["slug"])
    fill_in_checkout(page, email=customer or f"guest-{locale}@example.com", coupon="WELCOME10")
    press_pay(page)
    pay_with(page)
    order_id = see_order(page)
    order = until_status(shop, order_id, "confirmed")
    assert (order["status"], order["payment_status"]) == ("confirmed", "paid")
    assert order["discount"]["amount"] == order["subtotal"]["amount"] // 10
    assert available(shop, product) == before - 1
    assert_books_agree(shop, order)
    assert page.locator("html").get_attribute("lang") == locale
    page.goto("/cart")
    expect(page.locator(".line")).to_have_count(0)


def _to_the_provider(shop: RunningShop, page: Page) -> dict[str, Any]:
    product = product_in_stock(shop)
    put_in_cart(page, product["slug"])
    fill_in_checkout(page)
    press_pay(page)
    return product


def test_declined_then_paid_with_another_card_on_the_same_page(shop: RunningShop, shopper: OpenPage) -> None:
    page = shopper()
    _to_the_provider(shop, page)
    pay_with(page, DECLINED_CARD)
    expect(page.get_by_role("alert")).to_be_visible()
    pay_with(page)
    order = until_status(shop, see_order(page), "confirmed")
    assert_books_agree(shop, order)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_bank_asks_and_the_shopper_agrees(shop: RunningShop, shopper: OpenPage, javascript: bool) -> None:
    page = shopper(javascript=javascript)
    _to_the_provider(shop, page)
    pay_with(page, BANK_ASKS_CARD)
    page.locator("button[value=approve]").click()
    order = until_status(shop, see_order(page), "confirmed")
    assert_books_agree(shop, order)


def test_back_from_the_provider_then_pay_again(shop: RunningShop, shopper: OpenPage) -> None:
    page = shopper()
    _to_the_provider(shop, page)
    page.locator("a.back").click()
    page.wait_for_url(re.compile(r"/checkout/.*/return"))
    page.locator("main a[href*='/pay/'], main form button").first.click()
    page.wait_for_url(re.compile(r":\d+/pay/"))
    pay_with(page)
    order = until_status(shop, see_order(page), "confirmed")
    assert_books_agree(shop, order)


def test_double_click_on_pay_is_one_order(shop: RunningShop, shopper: OpenPage) -> None:
    page = shopper(javascript=False)
    product = product_in_stock(shop)
    before = len(shop.ask("orders", "/orders?limit=100", staff=True)["items"])
    put_in_cart(page, product["slug"])
    fill_in_checkout(page)
    page.locator("#summary button[data-pay]").dblclick()
    page.wait_for_url(re.compile(r"/pay/"))
    pay_with(page)
    order = until_status(shop, see_order(page), "confirmed")
    assert len(shop.ask("orders", "/orders?limit=100", staff=True)["items"]) == before + 1
    assert_books_agree(shop, order)


def test_sold_out_at_the_last_moment(shop: RunningShop, shopper: OpenPage) -> None:
    page = shopper()
    product = product_in_stock(shop)
    sku = product["variants"][0]["sku"]
    put_in_cart(page, product["slug"])
    fill_in_checkout(page)
    gone = -available(shop, product)
    shop.ask(
        "products", f"/stock/{sku}/adjustments", staff=True, body={"delta": gone, "reason": "a test buys all"}
    )
    try:
        page.locator("#summary button[data-pay]").click()
        expect(page.locator("main")).to_contain_text(product["name"])
        expect(page).not_to_have_url(re.compile(r"/pay/"))
        assert available(shop, product) == 0
    finally:
        shop.ask(
            "products", f"/stock/{sku}/adjustments", staff=True, body={"delta": -gone, "reason": "back again"}
        )


def set_price(shop: RunningShop, product: dict[str, Any], amount: int) -> None:
    """The product, which has one variant, costs this much now."""
    variant = product["variants"][0]
    body = {name: product[name] for name in ("name", "description", "category")}
    body |= {"sku": variant["sku"], "price": {**variant["price"], "amount": amount}}
    shop.ask("products", f"/products/{product['id']}", staff=True, body=body, method="PUT")


def test_a_changed_price_is_shown_before_anything_is_ordered(shop: RunningShop, shopper: OpenPage) -> None:
    page = shopper()
    product = product_in_stock(shop)
    price = product["variants"][0]["price"]["amount"]
    put_in_cart(page, product["slug"])
    fill_in_checkout(page)
    seen = page.locator("#summary .totals-sum dd").inner_text()
    set_price(shop, product, price + 100)
    try:
        page.locator("#summary button[data-pay]").click()
        expect(page.locator("#summary").get_by_role("alert")).to_be_visible()
        expect(page.locator("#summary .totals-sum dd")).not_to_have_text(seen)
        press_pay(page)
        pay_with(page)
        order = until_status(shop, see_order(page), "confirmed")
        assert order["subtotal"]["amount"] == price + 100
        assert_books_agree(shop, order)
    finally:
        set_price(shop, product, price)


def test_provider_down_then_up_again(shop: RunningShop, shopper: OpenPage) -> None:
    page = shopper()
    product = product_in_stock(shop)
    put_in_cart(page, product["slug"])
    fill_in_checkout(page)
    sandbox = shop.pid("sandbox")
    os.kill(sandbox, signal.SIGSTOP)
    try:
        page.locator("#summary button[data-pay]").click()
        page.wait_for_url(re.compile(r"/checkout/.*"), timeout=20_000)
        expect(page.locator("h1")).to_be_visible()
    finally:
        os.kill(sandbox, signal.SIGCONT)
    page.wait_for_url(re.compile(r":\d+/pay/"), timeout=30_000)
    pay_with(page)
    order = until_status(shop, see_order(page), "confirmed")
    assert_books_agree(shop, order)


def test_orders_down_leaves_browsing_and_carts(shop: RunningShop, shopper: OpenPage) -> None:
    page = shopper()
    product = product_in_stock(shop)
    orders = shop.pid("orders")
    os.kill(orders, signal.SIGSTOP)
    try:
        put_in_cart(page, product["slug"])
        page.goto("/cart")
        expect(page.locator(".line")).to_have_count(1)
        answer = page.goto("/checkout")
        assert answer is not None
        assert answer.status in (200, 503)
        expect(page.locator("h1")).to_be_visible()
    finally:
        os.kill(orders, signal.SIGCONT)
