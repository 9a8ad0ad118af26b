"""What holds on every page: nothing scrolls sideways on a phone, axe finds nothing, a first view is light."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.steps import fill_in_checkout, pay_with, press_pay, put_in_cart, see_order, sign_in
from tests.support.shop import RunningShop

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("shop")]

STAFF = "staff@example.com"
MUG = "morning-mug"
HEAVIEST_FIRST_VIEW = 100_000


def _buy(page: Page) -> str:
    put_in_cart(page, MUG)
    fill_in_checkout(page)
    press_pay(page)
    pay_with(page)
    return see_order(page)


def _pages(shop: RunningShop, order_id: str) -> list[str]:
    """The address of every page a signed-in member of staff can open; one thing is in the cart."""
    product = shop.ask("products", f"/products/{MUG}")["id"]
    shopping = [
        "/",
        "/products",
        "/products?q=mug",
        f"/products/{MUG}",
        "/cart",
        "/checkout",
        "/nothing-here",
    ]
    own = [
        "/account",
        "/orders",
        "/payments",
        f"/orders/{order_id}",
        f"/checkout/{order_id}/return?canceled=1",
    ]
    desk = ["/admin", "/admin/products", "/admin/products/new", f"/admin/products/{product}"]
    desk += [f"/admin/products/{product}/stock", "/admin/orders", f"/admin/orders/{order_id}"]
    return [*shopping, *own, *desk, "/admin/payments", "/admin/mails"]


def _sideways(page: Page, address: str) -> int:
    """How many pixels that page is wider than its window."""
    page.goto(address)
    found: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found


def _violations(page: Page, address: str) -> str:
    """What axe objects to on that page; empty when it does not."""
    page.goto(address)
    results = Axe().run(page)
    return str(results.generate_report()) if results.violations_count else ""


def test_no_page_scrolls_sideways_on_a_phone(shop: RunningShop, shopper: OpenPage) -> None:
    page = shopper(locale="ru", phone=True)
    too_wide = {address: _sideways(page, address) for address in ("/signin", "/signup")}
    sign_in(page, shop, STAFF)
    order_id = _buy(page)
    put_in_cart(page, MUG)
    too_wide |= {address: _sideways(page, address) for address in _pages(shop, order_id)}
    assert {address: pixels for address, pixels in too_wide.items() if pixels > 0} == {}


def test_axe_finds_nothing(shop: RunningShop, shopper: OpenPage) -> None:
    page = shopper()
    found = {address: _violations(page, address) for address in ("/signin", "/signup")}
    sign_in(page, shop, STAFF)
    order_id = _buy(page)
    put_in_cart(page, MUG)
    found |= {address: _violations(page, address) for address in _pages(shop, order_id)}
    assert {address: report for address, report in found.items() if report} == {}


@pytest.mark.parametrize(("locale", "phone"), [("en", False), ("ru", False), ("en", True), ("ru", True)])
@pytest.mark.parametrize("address", ["/", f"/products/{MUG}"])
def test_a_first_view_is_light(shopper: OpenPage, address: str, locale: str, phone: bool) -> None:
    page = shopper(locale=locale, phone=phone)
    transferred: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: transferred.append(int(event["encodedDataLength"])))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert len(transferred) > 5
    assert sum(transferred) <= HEAVIEST_FIRST_VIEW
