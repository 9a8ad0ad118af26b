"""Orders and payments of customers and guests."""

from uuid import uuid4

from tests.pages.browser import Browser
from tests.pages.conftest import World
from tests.pages.fakes import Json
from tests.pages.test_checkout import only_order, order


async def test_lists_lead_strangers_to_the_door_and_back(browser: Browser) -> None:
    await browser.open("/orders")
    assert browser.path == "/signin?next=%2Forders"
    await browser.sign_up()
    await browser.open("/orders")
    assert "No orders yet" in browser.words
    await browser.open("/payments")
    assert "No payments yet" in browser.words


async def test_payments_list_what_was_tried(browser: Browser) -> None:
    await browser.sign_up()
    await order(browser)
    await browser.open("/payments")
    assert "Waiting for you" in browser.words
    assert "€24.80" in browser.words


async def test_guest_link_is_kept_and_leaves_the_address(browser: Browser, world: World) -> None:
    placed = await _guest_order(browser, world)
    elsewhere = world.new_browser()
    await elsewhere.open(f"/orders/{placed['id']}?token={placed['secret']}")
    assert elsewhere.path == f"/orders/{placed['id']}"
    assert placed["number"] in elsewhere.words
    await elsewhere.open(f"/orders/{placed['id']}")
    assert elsewhere.answer.status_code == 200


async def test_wrong_guest_link_is_404_and_keeps_nothing(world: World, browser: Browser) -> None:
    placed = await _guest_order(browser, world)
    before = await world.shop.db.fetchval("SELECT count(*) FROM sessions")
    stranger = world.new_browser()
    await stranger.open(f"/orders/{placed['id']}?token=wrong")
    assert stranger.answer.status_code == 404
    assert await world.shop.db.fetchval("SELECT count(*) FROM sessions") == before


async def test_without_identity_an_order_asks_to_sign_in(browser: Browser) -> None:
    await browser.open(f"/orders/{uuid4()}")
    assert browser.path.startswith("/signin")


async def test_another_customer_sees_nothing(browser: Browser, world: World) -> None:
    await browser.sign_up()
    await order(browser)
    stranger = world.new_browser()
    await stranger.sign_up("eve@example.com")
    await stranger.open(f"/orders/{only_order(world)}")
    assert stranger.answer.status_code == 404
    for action in ("cancel", "change", "pay"):
        await stranger.post(f"/orders/{only_order(world)}/{action}")
        assert stranger.answer.status_code == 404
    assert world.orders.orders[only_order(world)]["status"] == "pending"


async def test_cancel_button_cancels(browser: Browser, world: World) -> None:
    await order(browser)
    await browser.open(f"/orders/{only_order(world)}")
    await browser.submit(f"/orders/{only_order(world)}/cancel")
    assert browser.page.heading == "Canceled"
    assert "We are canceling your order." in browser.words


async def test_paying_what_is_paid_says_so(browser: Browser, world: World) -> None:
    await order(browser)
    world.orders.pay(only_order(world))
    await browser.post(f"/orders/{only_order(world)}/pay")
    assert browser.path == f"/orders/{only_order(world)}"


async def test_secrets_of_guests_are_sealed_in_our_database(browser: Browser, world: World) -> None:
    placed = await _guest_order(browser, world)
    (cart,) = world.cart.carts.values()
    rows = await world.shop.db.fetch("SELECT * FROM sessions")
    stored = b"".join(bytes(value) for row in rows for value in row.values() if isinstance(value, bytes))
    assert placed["secret"].encode() not in stored
    assert cart["token"].encode() not in stored
    assert browser.cookie("__Host-session").encode() not in stored


async def _guest_order(browser: Browser, world: World) -> Json:
    """A guest's order, with its secret as the mail would tell it."""
    await order(browser)
    session = await world.shop.sessions.find(browser.cookie("__Host-session"))
    placed = world.orders.orders[only_order(world)]
    return {**placed, "secret": session.belongings.order_tokens[placed["id"]]}
