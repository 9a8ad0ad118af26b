"""From the cart to the provider's door and back, without scripts."""

from uuid import uuid4

import pytest

from tests.pages.browser import Browser
from tests.pages.conftest import World
from tests.pages.fakes import eur, problem
from tests.pages.test_cart import put

ADDRESS = {
    "email": "guest@example.com",
    "name": "Gast Müller",
    "line1": "Hauptstraße 5",
    "city": "Berlin",
    "postal_code": "10115",
    "country": "DE",
}


async def order(browser: Browser, **more: str) -> Browser:
    """The browser has placed an order for a mug; its answer leads to the provider."""
    await put(browser)
    await browser.open("/checkout")
    return await browser.submit("/checkout", action="pay", **{**ADDRESS, **more})


def only_order(world: World) -> str:
    (order_id,) = world.orders.orders
    return order_id


async def test_guest_buys_and_follows_the_order(browser: Browser, world: World) -> None:
    await order(browser)
    assert browser.answer.status_code == 303
    assert browser.answer.headers["location"].startswith("https://pay.test/pay/")
    order_id = only_order(world)
    await browser.open(f"/checkout/{order_id}/return")
    assert browser.page.heading == "We are confirming your payment"
    refresh = next(node for node in browser.page.all("meta") if node.attrib.get("http-equiv") == "refresh")
    assert refresh.attrib["content"] == f"2;url=/checkout/{order_id}/return?look=1"
    world.orders.pay(order_id)
    await browser.open(f"/checkout/{order_id}/return?look=1")
    assert browser.path == f"/orders/{order_id}?thanks=1"
    assert "We wrote to guest@example.com" in browser.words
    assert "Hauptstraße 5" in browser.words
    assert "Germany" in browser.words


async def test_update_button_shows_new_totals_and_orders_nothing(browser: Browser, world: World) -> None:
    await put(browser)
    await browser.open("/checkout")
    assert "Pay €24.80" in browser.words
    await browser.submit(
        "/checkout", action="update", shipping_method="express", coupon="WELCOME10", note="Ring twice"
    )
    assert "Pay €27.81" in browser.words
    assert browser.page.form("/checkout").values["note"] == "Ring twice"
    assert not world.orders.orders


async def test_pressing_enter_in_a_field_never_buys(browser: Browser) -> None:
    await put(browser)
    await browser.open("/checkout")
    form = next(f for f in browser.page.all("form") if f.attrib["action"] == "/checkout")
    first = next(node for node in form.iter("button"))
    assert first.attrib["value"] == "update"


async def test_missing_fields_are_named_and_kept(browser: Browser, world: World) -> None:
    await order(browser, email="nonsense", city="")
    assert browser.answer.status_code == 422
    values = browser.page.form("/checkout").values
    assert values["line1"] == "Hauptstraße 5"
    assert values["email"] == "nonsense"
    assert "This does not look like an e-mail address." in browser.words
    assert "Please fill this in." in browser.words
    assert not world.orders.orders


async def test_unknown_coupon_is_said_beside_the_field(browser: Browser) -> None:
    await put(browser)
    await browser.open("/checkout")
    await browser.submit("/checkout", action="update", coupon="FREE")
    assert "We do not know this code" in browser.words
    assert "Pay €24.80" in browser.words, "the total without the coupon"


async def test_same_form_twice_is_one_order(browser: Browser, world: World) -> None:
    await put(browser)
    await browser.open("/checkout")
    form = browser.page.form("/checkout")
    for _ in range(2):
        await browser.request("POST", "/checkout", {**form.values, **ADDRESS, "action": "pay"})
        assert browser.answer.headers["location"].startswith("https://pay.test/")
    assert len(world.orders.orders) == 1


async def test_price_change_shows_the_new_total_and_asks_again(browser: Browser, world: World) -> None:
    await put(browser)
    await browser.open("/checkout")
    form = browser.page.form("/checkout")
    world.products.products[0]["variants"][0]["price"] = eur(2990)
    await browser.post("/checkout", **{**form.values, **ADDRESS, "action": "pay"})
    assert browser.answer.status_code == 409
    assert "A price has changed" in browser.words
    assert "Pay €34.80" in browser.words
    assert not world.orders.orders
    await browser.submit("/checkout", action="pay")
    assert browser.answer.headers["location"].startswith("https://pay.test/")


async def test_out_of_stock_names_each_line(browser: Browser, world: World) -> None:
    shortage = {"sku": "BLUE-MUG", "requested": 1, "available": 0}
    world.orders.refuse = lambda: problem(409, "out_of_stock", lines=[shortage])
    await order(browser)
    assert browser.answer.status_code == 409
    assert browser.page.heading == "Somebody was quicker"
    assert "Blue mug" in browser.words
    assert "/cart" in browser.page.links()


async def test_order_in_progress_can_be_paid_or_changed(browser: Browser, world: World) -> None:
    await order(browser)
    order_id = only_order(world)
    world.orders.refuse = lambda: problem(409, "order_in_progress", order_id=order_id, number="ABCD2345")
    await browser.open("/checkout")
    await browser.submit("/checkout", action="pay", **ADDRESS)
    assert browser.answer.status_code == 409
    assert browser.page.form(f"/orders/{order_id}/pay").method == "post"
    await browser.submit(f"/orders/{order_id}/change")
    assert browser.path == "/cart"
    assert "Blue mug" in browser.words
    assert world.orders.orders[order_id]["status"] == "canceled"


@pytest.mark.parametrize("code", ["payment_refused", "not_sellable"])
async def test_other_refusals_are_messages(browser: Browser, world: World, code: str) -> None:
    world.orders.refuse = lambda: problem(409, code)
    await order(browser)
    assert browser.answer.status_code == 409
    assert browser.page.heading == "Checkout"
    assert not world.orders.orders


async def test_no_answer_keeps_the_key_so_that_pressing_again_is_safe(browser: Browser, world: World) -> None:
    await put(browser)
    await browser.open("/checkout")
    key = browser.page.form("/checkout").values["key"]
    world.orders.refuse = lambda: problem(503, "unavailable")
    await browser.submit("/checkout", action="pay", **ADDRESS)
    assert browser.answer.status_code == 503
    assert browser.page.form("/checkout").values["key"] == key
    await browser.submit("/checkout", action="pay")
    assert browser.answer.headers["location"].startswith("https://pay.test/")


async def test_orders_away_leaves_the_cart_in_peace(browser: Browser, world: World) -> None:
    await put(browser)
    world.orders.down = True
    await browser.open("/checkout")
    assert browser.answer.status_code == 200
    assert "Checkout is closed for a moment" in browser.words
    pay = [button for button in browser.page.all("button") if button.attrib.get("value") == "pay"]
    assert "disabled" in pay[0].attrib
    await browser.open("/cart")
    assert "Blue mug" in browser.words


async def test_a_slow_provider_is_waited_for_and_led_to_as_soon_as_it_answers(
    browser: Browser, world: World
) -> None:
    world.orders.slow_provider = True
    await order(browser)
    order_id = only_order(world)
    assert browser.path == f"/checkout/{order_id}/return?wait=provider"
    assert browser.page.heading == "The payment page is on its way"
    refresh = next(node for node in browser.page.all("meta") if node.attrib.get("http-equiv") == "refresh")
    again = f"/checkout/{order_id}/return?wait=provider&look=1"
    assert refresh.attrib["content"] == f"2;url={again}"
    world.orders.orders[order_id]["payment"]["redirect_url"] = "https://pay.test/pay/later"
    await browser.open(again)
    assert browser.answer.status_code == 303
    assert browser.answer.headers["location"] == "https://pay.test/pay/later"


async def test_who_comes_back_from_the_provider_is_never_sent_there_again(
    browser: Browser, world: World
) -> None:
    await order(browser)
    order_id = only_order(world)
    for look in ("", "?look=1", "?look=9"):
        await browser.open(f"/checkout/{order_id}/return{look}")
        assert browser.answer.status_code == 200
        assert browser.page.heading == "We are confirming your payment"
    world.orders.orders[order_id]["payment"]["status"] = "processing"
    await browser.open(f"/checkout/{order_id}/return?wait=provider&look=1")
    assert browser.page.heading == "We are confirming your payment"


async def test_back_without_paying_offers_to_pay_and_to_change(browser: Browser, world: World) -> None:
    await order(browser)
    order_id = only_order(world)
    await browser.open(f"/checkout/{order_id}/return?canceled=1")
    assert browser.page.heading == "Not paid yet"
    await browser.submit(f"/orders/{order_id}/pay")
    assert browser.answer.headers["location"].startswith("https://pay.test/pay/")


@pytest.mark.parametrize("status", ["failed", "voided"])
async def test_back_from_a_page_that_ran_out_offers_to_pay_anew(
    browser: Browser, world: World, status: str
) -> None:
    await order(browser)
    order_id = only_order(world)
    world.orders.orders[order_id]["payment"]["status"] = status
    await browser.open(f"/checkout/{order_id}/return")
    assert browser.page.heading == "Not paid yet"
    assert browser.page.form(f"/orders/{order_id}/pay")


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        ("failed", "This order could not be made"),
        ("expired", "The time to pay ran out"),
        ("canceled", "This order is canceled"),
        ("canceling", "This order is being canceled"),
    ],
)
async def test_unhappy_ends_are_kind(browser: Browser, world: World, status: str, heading: str) -> None:
    await order(browser)
    world.orders.orders[only_order(world)]["status"] = status
    await browser.open(f"/checkout/{only_order(world)}/return")
    assert browser.page.heading == heading
    assert "/cart" in browser.page.links()


async def test_a_foreign_payment_page_is_never_led_to(browser: Browser, world: World) -> None:
    world.payments.provider = "https://evil.test"
    await order(browser)
    assert "evil.test" not in browser.answer.headers.get("location", "")
    assert browser.page.heading == "The payment page is on its way"
    assert not any("evil.test" in link for link in browser.page.links())


async def test_customer_orders_with_a_token_and_from_the_address_book(browser: Browser, world: World) -> None:
    await browser.sign_up()
    await browser.open("/account")
    book = {name: value for name, value in ADDRESS.items() if name != "email"}
    await browser.submit("/account/addresses", **book)
    await put(browser)
    await browser.open("/checkout")
    values = browser.page.form("/checkout").values
    assert values["email"] == "anna@example.com"
    assert values["line1"] == "Hauptstraße 5"
    await browser.submit("/checkout", action="pay")
    placed = world.orders.orders[only_order(world)]
    assert placed["owner"]
    assert not placed["hash"]
    await browser.open("/orders")
    assert placed["number"] in browser.answer.text


async def test_an_empty_cart_has_no_checkout(browser: Browser) -> None:
    await browser.open("/checkout")
    assert browser.path == "/cart"


async def test_strangers_cannot_see_the_return_page(browser: Browser, world: World) -> None:
    await order(browser)
    stranger = world.new_browser()
    await stranger.open(f"/checkout/{only_order(world)}/return")
    assert stranger.answer.status_code == 404
    await stranger.open(f"/checkout/{uuid4()}/return")
    assert stranger.answer.status_code == 404
