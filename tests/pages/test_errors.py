"""When something does not work, the page says so, and asks no service for that."""

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, TooManyRequests, Unavailable
from frontend.routing import PageRouter
from tests.pages.browser import Browser
from tests.pages.conftest import World

HEADINGS = {
    "forbidden": (403, "This is not for you to open"),
    "conflict": (409, "Something changed meanwhile"),
    "invalid": (422, "Something is not right yet"),
    "slow": (429, "A little slower, please"),
    "away": (503, "One moment, please"),
    "bug": (500, "That was our mistake"),
}


def broken_pages() -> PageRouter:
    """Pages that fail in every way."""
    router = PageRouter()

    @router.get("/broken/{how}")
    async def broken(how: str) -> None:
        raise {
            "forbidden": Forbidden(),
            "conflict": Conflict(),
            "invalid": Invalid(),
            "slow": TooManyRequests(retry_after=9),
            "away": Unavailable(retry_after=3),
            "bug": RuntimeError("nobody expected this"),
        }[how]

    return router


@pytest.mark.parametrize("locale", ["en", "ru"])
@pytest.mark.parametrize("how", sorted(HEADINGS))
async def test_each_error_is_a_page_that_asks_nobody(world: World, how: str, locale: str) -> None:
    world.app.include_router(broken_pages())
    browser = world.new_browser(locale)
    await browser.open(f"/broken/{how}")
    status, heading = HEADINGS[how]
    assert browser.answer.status_code == status
    assert (browser.page.heading == heading) is (locale == "en")
    assert browser.answer.headers["cache-control"] == "no-store"
    assert "nobody expected" not in browser.answer.text
    for service in (world.products, world.cart, world.orders, world.payments):
        assert service.seen == []


async def test_unknown_address_is_a_page_for_people_and_a_problem_for_programs(browser: Browser) -> None:
    await browser.open("/nowhere")
    assert browser.answer.status_code == 404
    assert browser.page.heading == "Nothing on this shelf"
    answer = await browser.client.get("/nowhere", headers={"accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


async def test_nonsense_in_an_address_is_not_found(browser: Browser) -> None:
    for path in ("/orders/nonsense", "/checkout/1/return", "/products/..%2f..%2finternal"):
        await browser.open(path)
        assert browser.answer.status_code == 404


async def test_retry_after_is_told(world: World, browser: Browser) -> None:
    world.app.include_router(broken_pages())
    await browser.open("/broken/slow")
    assert browser.answer.headers["retry-after"] == "9"
    assert "Try again in 9 seconds." in browser.words


async def test_our_database_away_leaves_the_catalogue_open(world: World, browser: Browser) -> None:
    await browser.sign_up()
    await world.shop.db.close()
    await browser.open("/products")
    assert browser.answer.status_code == 200
    assert browser.cookie("__Host-session"), "the cookie is kept for when it is back"
    await browser.open("/account")
    assert browser.answer.status_code == 503


async def test_files_and_other_media_are_refused(browser: Browser) -> None:
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    sent = await browser.client.post("/signin", json={"email": "x"}, headers=headers)
    assert sent.status_code == 422
    sent = await browser.client.post("/signin", files={"email": b"x"}, headers=headers)
    assert sent.status_code in (400, 422)
    sent = await browser.client.post("/signin", content=b"x" * 300_000, headers=headers)
    assert sent.status_code == 413
