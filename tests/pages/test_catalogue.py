"""The first page, lists, and one product."""

import pytest

from tests.pages.browser import Browser
from tests.pages.conftest import World


async def test_first_page_shows_categories_and_products(browser: Browser) -> None:
    await browser.open("/")
    assert "/products?category=kitchen" in browser.page.links()
    assert "Blue mug" in browser.words
    assert "€19.90" in browser.words


async def test_list_marks_reduced_and_sold_out_products(browser: Browser) -> None:
    await browser.open("/products")
    assert "−25 %" in browser.words
    assert "Sold out" in browser.words


async def test_search_is_a_form_that_finds(browser: Browser) -> None:
    await browser.open("/")
    await browser.submit("/products", q="mug")
    assert browser.page.heading == "Results for “mug”"
    assert "Blue mug" in browser.words
    assert "Shirt" not in browser.words


async def test_each_sorting_and_filter_is_a_link(browser: Browser, world: World) -> None:
    await browser.open("/products")
    assert "/products?sort=price" in browser.page.links()
    await browser.open("/products?option.size=M&sort=-price")
    assert "Shirt" in browser.words
    assert "Blue mug" not in browser.words
    assert "/products?sort=-price" in browser.page.links(), "the filter can be taken back"


async def test_prices_are_typed_as_people_write_them(browser: Browser, world: World) -> None:
    await browser.open("/products")
    await browser.submit("/products", q="")
    form = next(f for f in browser.page.all("form") if f.attrib.get("id") == "price-form")
    assert form.attrib["action"] == "/products"
    await browser.open("/products?price_from=19,90&price_to=30")
    path, headers = world.products.seen[-1][1:]
    assert path == "/products"
    assert headers
    assert "19,90" in browser.page.by_id("price-from").attrib["value"]


async def test_more_pages_by_cursor(browser: Browser, world: World) -> None:
    for number in range(30):
        world.products.add(f"Cup {number}")
    await browser.open("/products")
    following = next(link for link in browser.page.links() if "cursor=" in link)
    await browser.open(following)
    assert "Cup 29" in browser.words
    assert "/products" in browser.page.links()


async def test_a_bad_cursor_leads_to_the_first_page(browser: Browser) -> None:
    await browser.open("/products?sort=name&cursor=bad")
    assert browser.path == "/products?sort=name"
    assert browser.answer.status_code == 200


async def test_unknown_filters_are_an_empty_list_not_an_error(browser: Browser) -> None:
    await browser.open("/products?category=unheard-of")
    assert browser.answer.status_code == 200
    assert "Nothing like that on the shelf" in browser.words


async def test_product_page_offers_variants_as_links(browser: Browser) -> None:
    await browser.open("/products/shirt")
    assert browser.page.form("/cart/items").values["sku"] == "SHIRT-M"
    assert "Only 3 left" in browser.words
    await browser.open("/products/shirt?sku=SHIRT-L")
    assert "Sold out" in browser.words
    button = [b for b in browser.page.all("button") if browser.page.words(b) == "Sold out"]
    assert "disabled" in button[0].attrib


async def test_product_by_id_and_unknown_product(browser: Browser, world: World) -> None:
    await browser.open(f"/products/{world.products.products[0]['id']}")
    assert browser.page.heading == "Blue mug"
    await browser.open("/products/never-was")
    assert browser.answer.status_code == 404
    assert browser.page.heading == "Nothing on this shelf"


async def test_programs_get_json_at_the_same_addresses(browser: Browser) -> None:
    page = await browser.request("GET", "/products")
    answer = await browser.client.get("/products", headers={"accept": "application/json"})
    assert answer.json()["items"][0]["name"] == "Blue mug"
    assert "Accept" in answer.headers["vary"]
    assert "Accept" in page.headers["vary"]
    assert answer.headers["etag"] != page.headers.get("etag")
    anything = await browser.client.get("/products/shirt", headers={"accept": "*/*"})
    assert anything.json()["slug"] == "shirt"


async def test_htmx_gets_a_page_whatever_it_accepts(browser: Browser) -> None:
    headers = {"accept": "*/*", "hx-request": "true"}
    answer = await browser.client.get("/products", headers=headers)
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/", "/products", "/products/shirt"])
async def test_without_products_the_page_says_so_kindly(browser: Browser, world: World, path: str) -> None:
    world.products.down = True
    await browser.open(path)
    assert browser.answer.status_code in (200, 503)
    assert any(word in browser.words for word in ("not answering", "moment"))


@pytest.mark.parametrize("locale", ["en", "ru"])
@pytest.mark.parametrize(
    "path", ["/", "/products", "/products/shirt", "/cart", "/signin", "/signup", "/nowhere"]
)
async def test_public_pages_in_both_languages(world: World, path: str, locale: str) -> None:
    browser = world.new_browser(locale)
    await browser.open(path)
    assert browser.page.root.attrib["lang"] == locale
    asked = [headers.get("accept-language") for _, seen, headers in world.products.seen if seen == path]
    assert all(language == locale for language in asked)


async def test_the_same_page_is_made_once_and_a_new_price_makes_a_new_one(
    browser: Browser, world: World
) -> None:
    first = await browser.request("GET", "/products")
    again = await browser.request("GET", "/products")
    assert again.text == first.text
    assert world.products.seen[-1][2]["if-none-match"] == f'"list-{world.products.revision}"'
    assert again.headers["vary"].startswith(first.headers["vary"].split(",")[0])
    world.products.products[0]["price"] = {"amount": 2222, "currency": "EUR"}
    world.products.revision += 1
    await browser.open("/products")
    assert "€22.22" in browser.words
    await browser.sign_up()
    await browser.open("/products")
    assert "Account" in browser.page.words(browser.page.all("header")[0]), "nobody else's page"
