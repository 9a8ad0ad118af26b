"""Signing up and in, the account page, passwords."""

import pytest

from tests.pages.browser import PASSWORD, Browser
from tests.pages.conftest import World

ADDRESS = {"name": "Anna Berg", "line1": "Weg 1", "city": "Bonn", "postal_code": "53111", "country": "DE"}


async def test_sign_up_leads_in_and_says_hello(browser: Browser) -> None:
    await browser.sign_up()
    assert "Welcome! Your account is ready." in browser.words
    await browser.open("/account")
    assert browser.page.heading == "Hello, Anna Berg"
    assert "Welcome" not in browser.words, "said once"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "nonsense", "This does not look like an e-mail address."),
        ("password", "short", "At least 8 characters"),
        ("password", "Password1", "everybody tries first"),
        ("password", "x" * 201, "This is too long."),
        ("name", "", "Please fill this in."),
    ],
)
async def test_sign_up_says_what_is_wrong(browser: Browser, field: str, value: str, words: str) -> None:
    await browser.open("/signup")
    good = {"name": "Anna", "email": "anna@example.com", "password": PASSWORD}
    await browser.submit("/signup", **{**good, field: value})
    assert browser.answer.status_code == 422
    assert words in browser.words
    assert PASSWORD not in browser.answer.text


async def test_an_email_is_one_account_whatever_its_case(browser: Browser, world: World) -> None:
    await browser.sign_up("anna@example.com")
    other = world.new_browser()
    await other.sign_up("ANNA@example.com")
    assert other.answer.status_code == 409
    await other.sign_in("Anna@Example.com")
    assert "You are signed in." in other.words


async def test_wrong_password_and_unknown_email_look_the_same(browser: Browser, world: World) -> None:
    await browser.sign_up()
    answers = []
    for email in ("anna@example.com", "nobody@example.com"):
        other = world.new_browser()
        await other.sign_in(email, "not the password")
        assert other.answer.status_code == 401
        answers.append(other.words.replace(email, ""))
    assert answers[0] == answers[1]


async def test_sign_in_leads_back_to_where_one_wanted_to_go(browser: Browser, world: World) -> None:
    await browser.sign_up()
    other = world.new_browser()
    await other.open("/payments")
    await other.submit("/signin", email="anna@example.com", password=PASSWORD)
    assert other.path == "/payments"


async def test_guessing_is_slowed_and_the_owner_elsewhere_still_gets_in(world: World) -> None:
    owner = world.new_browser()
    await owner.sign_up()
    guesser = world.new_browser()
    for _ in range(6):
        await guesser.sign_in("anna@example.com", "guess")
        assert guesser.answer.status_code == 401
    await guesser.sign_in("anna@example.com", PASSWORD)
    assert guesser.answer.status_code == 429
    assert int(guesser.answer.headers["retry-after"]) > 0
    person = await world.shop.accounts.sign_in(
        email="anna@example.com", password=PASSWORD, address="198.51.100.7"
    )
    assert person.email == "anna@example.com"


async def test_password_change_signs_the_others_out(browser: Browser, world: World) -> None:
    await browser.sign_up()
    other = world.new_browser()
    await other.sign_in()
    before = browser.cookie("__Host-session")
    await browser.open("/account")
    await browser.submit("/account/password", present=PASSWORD, new="another long one")
    assert "Your password is changed." in browser.words
    assert browser.cookie("__Host-session") != before
    await other.open("/account")
    assert other.path.startswith("/signin")
    await other.sign_in(password="another long one")
    assert "You are signed in." in other.words


async def test_password_change_needs_the_present_one(browser: Browser) -> None:
    await browser.sign_up()
    await browser.open("/account")
    await browser.submit("/account/password", present="wrong", new="another long one")
    assert browser.answer.status_code == 422
    assert "This is not your present password." in browser.words


async def test_address_book(browser: Browser, world: World) -> None:
    await browser.sign_up()
    await browser.open("/account")
    await browser.submit("/account/addresses", **{**ADDRESS, "city": ""})
    assert browser.answer.status_code == 422
    await browser.submit("/account/addresses", **ADDRESS)
    await browser.submit("/account/addresses", **ADDRESS)
    assert browser.words.count("53111 Bonn") == 1, "the same address is kept once"
    action = next(
        f.attrib["action"] for f in browser.page.all("form") if f.attrib["action"].endswith("/remove")
    )
    stranger = world.new_browser()
    await stranger.sign_up("eve@example.com")
    await stranger.post(action)
    assert stranger.answer.status_code == 404
    await browser.submit(action)
    assert "53111 Bonn" not in browser.words


async def test_name_and_language(browser: Browser) -> None:
    await browser.sign_up()
    await browser.open("/account")
    await browser.submit("/account/profile", name="Anna  Maria", locale="ru")
    assert browser.page.heading == "Hello, Anna Maria"


async def test_language_switch_keeps_the_place(browser: Browser) -> None:
    await browser.open("/products?sort=price")
    await browser.post("/language", language="ru", next="/products?sort=price")
    assert browser.path == "/products?sort=price"
    assert browser.page.root.attrib["lang"] == "ru"
    await browser.post("/language", language="xx", next="//evil.test")
    assert browser.path == "/"
    assert browser.page.root.attrib["lang"] == "ru"


async def test_blanks_belong_to_a_password(browser: Browser, world: World) -> None:
    await browser.sign_up(password="  spaces matter  ")
    other = world.new_browser()
    await other.sign_in(password="spaces matter")
    assert other.answer.status_code == 401
    await other.sign_in(password="  spaces matter  ")
    assert "You are signed in." in other.words
