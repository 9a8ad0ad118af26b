"""The cart, by forms alone."""

from tests.pages.browser import Browser
from tests.pages.conftest import World


async def put(browser: Browser, slug: str = "blue-mug", quantity: str = "1") -> Browser:
    """The product is in the browser's cart."""
    await browser.open(f"/products/{slug}")
    return await browser.submit("/cart/items", quantity=quantity)


async def test_empty_cart_needs_no_session(browser: Browser, world: World) -> None:
    await browser.open("/cart")
    assert "Nothing in it yet" in browser.words
    assert await world.shop.db.fetchval("SELECT count(*) FROM sessions") == 0
    assert not browser.client.cookies


async def test_guest_adds_changes_and_removes(browser: Browser) -> None:
    await put(browser, quantity="2")
    assert browser.path == "/cart"
    assert "€39.80" in browser.words
    action = next(
        f.attrib["action"] for f in browser.page.all("form") if "/cart/items/" in f.attrib["action"]
    )
    await browser.submit(action, quantity="5")
    assert "€99.50" in browser.words
    await browser.post(action, action="remove")
    assert "Nothing in it yet" in browser.words
    assert "Removed from your cart." in browser.words


async def test_quantity_zero_takes_the_line_out(browser: Browser) -> None:
    await put(browser)
    action = next(
        f.attrib["action"] for f in browser.page.all("form") if "/cart/items/" in f.attrib["action"]
    )
    await browser.submit(action, quantity="0")
    assert "Nothing in it yet" in browser.words


async def test_nonsense_quantities_change_nothing(browser: Browser, world: World) -> None:
    await put(browser)
    for quantity in ("-1", "1000", "1e3", "x", "²"):
        await browser.post("/cart/items", sku="BLUE-MUG", quantity=quantity, key="k")
        assert browser.answer.status_code == 422
    (cart,) = world.cart.carts.values()
    assert [line["quantity"] for line in cart["lines"]] == [1]


async def test_more_than_there_is_is_said(browser: Browser) -> None:
    await put(browser, "shirt", "9")
    assert "Only 3 are left." in browser.words


async def test_badge_counts_and_is_left_out_when_cart_is_away(browser: Browser, world: World) -> None:
    await put(browser, quantity="3")
    await browser.open("/products")
    assert browser.page.words(browser.page.by_id("cart-link")).endswith("3")
    world.cart.down = True
    await browser.open("/products")
    assert browser.answer.status_code == 200
    assert not browser.page.words(browser.page.by_id("cart-link")).endswith("3")


async def test_prices_away_still_shows_the_lines(browser: Browser, world: World) -> None:
    await put(browser)
    world.products.down = True
    await browser.open("/cart")
    assert browser.answer.status_code == 200
    assert "BLUE-MUG" in browser.words
    assert "We cannot see the prices just now" in browser.words


async def test_cart_away_is_a_kind_page(browser: Browser, world: World) -> None:
    await put(browser)
    world.cart.down = True
    await browser.open("/cart")
    assert browser.answer.status_code == 503
    assert browser.answer.headers["retry-after"]
    assert "/cart" in browser.page.links(), "one can try again"


async def test_adding_within_the_page_answers_a_message_and_a_badge(browser: Browser) -> None:
    browser.headers = {"hx-request": "true"}
    await browser.request("POST", "/cart/items", {"sku": "BLUE-MUG", "quantity": "2", "key": "k"})
    assert "2 things are in your cart." in browser.answer.text
    assert 'id="cart-link" data-hx-swap-oob="true"' in browser.answer.text


async def test_guest_cart_merges_at_sign_in_and_says_so(browser: Browser, world: World) -> None:
    owner = world.new_browser()
    await owner.sign_up()
    await put(owner, "good-pan")
    await put(browser, quantity="2")
    await browser.sign_in()
    assert "We added 2 things from before you signed in." in browser.words
    await browser.open("/cart")
    assert "Blue mug" in browser.words
    assert "Good pan" in browser.words
    await browser.open("/cart")
    assert world.cart.paths("PUT").count(world.cart.paths("PUT")[0]) == 1, "merged once"


async def test_merge_waits_for_a_cart_service_that_is_away(browser: Browser, world: World) -> None:
    await put(browser)
    world.cart.down = True
    await browser.sign_up()
    assert "What you had in it is safe" in browser.words
    world.cart.down = False
    await browser.open("/cart")
    assert "Blue mug" in browser.words
    assert "We added 1 thing from before you signed in." in browser.words


async def test_plurals_in_russian(world: World) -> None:
    browser = world.new_browser("ru")
    for quantity, words in (("1", "1 вещь"), ("1", "2 вещи"), ("3", "5 вещей"), ("16", "21 вещь")):
        browser.headers = {"hx-request": "true"}
        await browser.request("POST", "/cart/items", {"sku": "BLUE-MUG", "quantity": quantity, "key": "k"})
        assert words in browser.answer.text
