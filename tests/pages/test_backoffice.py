"""What staff do, and that nobody else does it."""

import pytest

from tests.pages.browser import Browser
from tests.pages.conftest import World
from tests.pages.test_checkout import only_order, order

PAGES = [
    "/admin",
    "/admin/products",
    "/admin/products/new",
    "/admin/orders",
    "/admin/payments",
    "/admin/mails",
]


@pytest.mark.parametrize("path", PAGES)
async def test_only_staff_come_in(world: World, path: str) -> None:
    stranger = world.new_browser()
    await stranger.open(path)
    assert stranger.path.startswith("/signin")
    await stranger.sign_up()
    await stranger.open(path)
    assert stranger.answer.status_code == 403
    staff = await world.staff_browser()
    await staff.open(path)
    assert staff.answer.status_code == 200


async def test_customers_cannot_write(world: World, browser: Browser) -> None:
    await browser.sign_up()
    product = world.products.products[0]
    for path in ("new", product["id"], f"{product['id']}/archive", f"{product['id']}/stock"):
        await browser.post(f"/admin/products/{path}", name="Mine", sku_0="X", price_0="1")
        assert browser.answer.status_code == 403
    assert product["status"] == "active"
    assert len(world.products.products) == 4


async def test_create_edit_and_archive_a_product(world: World) -> None:
    staff = await world.staff_browser()
    await staff.open("/admin/products/new")
    await staff.submit(
        "/admin/products/new",
        name="Teapot", description="Pours well.", category="kitchen", options="Size",
        sku_0="POT-S", values_0="Small", price_0="19,90", stock_0="4",
        sku_1="POT-L", values_1="Large", price_1="29.90", was_1="39.90", stock_1="1",
    )  # fmt: skip
    assert staff.page.heading == "Teapot"
    assert "The product is created." in staff.words
    made = world.products.products[-1]
    assert [(v["sku"], v["price"]["amount"], v["available"]) for v in made["variants"]] == [
        ("POT-S", 1990, 4),
        ("POT-L", 2990, 1),
    ]
    await staff.submit(f"/admin/products/{made['id']}", name="Better teapot", price_0="21.00")
    assert staff.page.heading == "Better teapot"
    assert made["variants"][0]["price"]["amount"] == 2100
    await staff.submit(f"/admin/products/{made['id']}/archive")
    assert made["status"] == "archived"
    await staff.open("/admin/products?status=archived")
    assert "Better teapot" in staff.words


async def test_mistakes_in_the_form_are_named_and_kept(world: World) -> None:
    staff = await world.staff_browser()
    await staff.open("/admin/products/new")
    await staff.submit("/admin/products/new", name="Pot", options="Size", sku_0="POT", price_0="cheap")
    assert staff.answer.status_code == 422
    assert "A price is not readable." in staff.words
    assert "one value for each option" in staff.words
    assert staff.page.form("/admin/products/new").values["price_0"] == "cheap"
    await staff.submit("/admin/products/new", options="", sku_0="BLUE-MUG", price_0="1", values_0="")
    assert "Another product has one of these article codes." in staff.words
    assert len(world.products.products) == 4


async def test_two_editors_do_not_overwrite_each_other(world: World) -> None:
    staff = await world.staff_browser()
    product = world.products.products[0]
    await staff.open(f"/admin/products/{product['id']}")
    product["version"] += 1
    await staff.submit(f"/admin/products/{product['id']}", name="Late")
    assert staff.answer.status_code == 422
    assert "Somebody else changed this product meanwhile." in staff.words
    assert product["name"] == "Blue mug"


async def test_stock_is_adjusted_with_a_reason(world: World) -> None:
    staff = await world.staff_browser()
    product = world.products.products[0]
    path = f"/admin/products/{product['id']}/stock"
    await staff.open(path)
    await staff.submit(path, delta="-3", reason="broken")
    assert product["variants"][0]["available"] == 7
    assert "broken" in staff.words
    assert "-3" in staff.words
    for delta, reason in (("0", "x"), ("many", "x"), ("5", ""), ("-100", "x")):
        await staff.submit(path, delta=delta, reason=reason)
        assert staff.answer.status_code in (409, 422)
    assert product["variants"][0]["available"] == 7


async def test_orders_and_dashboard(world: World, browser: Browser) -> None:
    await order(browser)
    staff = await world.staff_browser()
    number = world.orders.orders[only_order(world)]["number"]
    for path in ("/admin", "/admin/orders", "/admin/orders?status=pending"):
        await staff.open(path)
        assert number in staff.words
    await staff.open("/admin/orders?status=completed")
    assert number not in staff.words
    world.orders.orders[only_order(world)]["saga"] = {"step": "held", "stuck": True}
    await staff.open(f"/admin/orders/{only_order(world)}")
    assert "Stuck" in staff.words
    await staff.submit(f"/admin/orders/{only_order(world)}/retry")
    assert "The order is being worked on again." in staff.words
    await staff.submit(f"/admin/orders/{only_order(world)}/cancel")
    assert world.orders.orders[only_order(world)]["status"] == "canceled"


async def test_dashboard_without_orders_still_shows_products(world: World) -> None:
    staff = await world.staff_browser()
    world.orders.down = True
    await staff.open("/admin")
    assert staff.answer.status_code == 200
    assert "Orders: not answering at the moment." in staff.words
    assert "Old lamp" in staff.words


async def test_backoffice_in_russian(world: World) -> None:
    staff = await world.staff_browser()
    staff.locale = "ru"
    for path in PAGES:
        await staff.open(path)
        assert staff.page.root.attrib["lang"] == "ru"
