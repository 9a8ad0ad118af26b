"""The hosted page: valid HTML in both languages, kind after a decline, safe against double clicks and strangers."""

import sqlite3
from collections.abc import Callable
from typing import Any

import html5lib
import httpx2
import pytest

from tests.services.sandbox.running import RunningSandbox

Make = Callable[..., dict[str, Any]]
PAN = "4000000000000002"


def valid(page: httpx2.Response) -> str:
    """The text of a page whose HTML has no error, and whose headers allow no script."""
    html5lib.HTMLParser(strict=True).parse(page.content, transport_encoding="utf-8")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "script" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    return page.text


@pytest.fixture
async def session(psp: Any, make_session: Make) -> Any:
    return await psp.checkout.sessions.create_async(params=make_session(customer_email="ann@example.com"))


async def test_the_page_says_who_what_and_how_much(sandbox: RunningSandbox, session: Any) -> None:
    page = sandbox.http.get(f"/pay/{session.id}")
    text = valid(page)
    for part in (
        "Tea &amp; Co",
        "€54.00",
        "Teapot",
        "2 × €25.00",
        "€50.00",
        "ann@example.com",
        "4242 4242 4242 4242",
        "http://shop.test/return?canceled=1",
    ):
        assert part in text
    assert "form-action 'self' http://shop.test" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("locale", "accept", "language", "amount"),
    [
        ("ru", "en", "ru", "54,00\xa0€"),
        ("en", "ru", "en", "€54.00"),
        (None, "ru-RU,ru;q=0.9,en;q=0.8", "ru", "54,00\xa0€"),
        ("auto", "fr,en;q=0.5,ru;q=0.7", "ru", "54,00\xa0€"),
        ("de", "ru", "en", "€54.00"),
        (None, "x;q=y,,", "en", "€54.00"),
    ],
)
async def test_language_is_the_sessions_else_the_browsers(
    sandbox: RunningSandbox,
    psp: Any,
    make_session: Make,
    locale: str | None,
    accept: str,
    language: str,
    amount: str,
) -> None:
    params = make_session() if locale is None else make_session(locale=locale)
    session = await psp.checkout.sessions.create_async(params=params)
    text = valid(sandbox.http.get(f"/pay/{session.id}", headers={"Accept-Language": accept}))
    assert f'<html lang="{language}">' in text
    assert amount in text


@pytest.mark.parametrize(("currency", "amount"), [("jpy", "¥5,400"), ("bhd", "BHD5.400")])
async def test_amounts_have_their_currencys_decimals(
    sandbox: RunningSandbox, psp: Any, make_session: Make, currency: str, amount: str
) -> None:
    price = {"currency": currency, "unit_amount": 5400, "product_data": {"name": "Tea"}}
    session = await psp.checkout.sessions.create_async(
        params=make_session(line_items=[{"price_data": price, "quantity": 1}])
    )
    assert amount in sandbox.http.get(f"/pay/{session.id}").text


async def test_choosing_a_test_card_fills_the_form(sandbox: RunningSandbox, session: Any) -> None:
    text = valid(sandbox.http.get(f"/pay/{session.id}?card=insufficient_funds"))
    assert 'value="4000 0000 0000 9995"' in text
    assert text.count('aria-current="true"') == 1
    assert 'value="4242 4242 4242 4242"' in valid(sandbox.http.get(f"/pay/{session.id}?card=nonsense"))


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (PAN, "Your bank declined this card."),
        ("4000000000009995", "There is not enough money on this card."),
        ("4000000000000069", "This card has expired."),
        ("4000000000009987", "Your bank does not allow payments with this card."),
        ("4000000000000127", "The security code does not match this card."),
        ("4000000000000119", "Something went wrong on the way to your bank."),
    ],
)
async def test_a_decline_is_explained_on_the_same_page(
    sandbox: RunningSandbox, session: Any, number: str, reason: str
) -> None:
    declined = sandbox.pay(session, number)
    assert declined.status_code == 303
    text = valid(sandbox.http.get(declined.headers["location"]))
    assert reason in text
    assert "<form" in text
    sandbox.pay(session)
    assert sandbox.http.get(f"/pay/{session.id}").status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "mistake"),
    [
        ("number", "4111", "Check the card number."),
        ("number", "5105105105105100", "use one of the test cards"),
        ("number", "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "Check the card number."),
        ("number", "", "Check the card number."),
        ("expiry", "13/30", "Enter month and year"),
        ("expiry", "01/20", "This date has passed."),
        ("cvc", "12", "Enter the 3 or 4 digits."),
    ],
)
async def test_a_mistake_is_shown_at_its_field_and_nothing_is_tried(
    sandbox: RunningSandbox, session: Any, field: str, value: str, mistake: str
) -> None:
    form = {"number": "4242424242424242", "expiry": "12/34", "cvc": "123", field: value}
    answer = sandbox.http.post(f"/pay/{session.id}", data=form)
    assert answer.status_code == 422
    text = valid(answer)
    assert mistake in text
    assert text.count("aria-invalid") == 1
    assert sandbox.ledger()["intents"] == []


async def test_the_bank_asks_and_an_approval_leads_to_the_shop(sandbox: RunningSandbox, session: Any) -> None:
    bank = sandbox.pay(session, "4000 0025 0000 3155").headers["location"]
    assert bank.startswith("/bank/pi_")
    assert sandbox.pay(session, "4000002500003155").headers["location"] == bank
    page = sandbox.http.get(bank)
    assert "3155" in valid(page)
    assert "form-action 'self' http://shop.test" in page.headers["content-security-policy"]
    approved = [sandbox.http.post(bank, data={"answer": "approve"}).headers["location"] for _ in range(2)]
    assert approved == [f"http://shop.test/return?session={session.id}"] * 2
    assert [intent["amount_capturable"] for intent in sandbox.ledger()["intents"]] == [5400]


async def test_a_refusal_at_the_bank_leads_back_to_the_form(sandbox: RunningSandbox, session: Any) -> None:
    bank = sandbox.pay(session, "4000002500003155").headers["location"]
    refused = sandbox.http.post(bank, data={"answer": "refuse"})
    assert refused.headers["location"] == f"/pay/{session.id}#payment"
    assert "not confirmed with your bank" in valid(sandbox.http.get(f"/pay/{session.id}"))
    assert sandbox.http.get(bank).status_code == 303


async def test_an_approval_after_the_session_has_ended_takes_nothing(
    sandbox: RunningSandbox, session: Any
) -> None:
    bank = sandbox.pay(session, "4000002500003155").headers["location"]
    sandbox.advance(24 * 3600 + 1)
    late = sandbox.http.post(bank, data={"answer": "approve"})
    assert late.status_code == 410
    valid(late)
    assert [intent["status"] for intent in sandbox.ledger()["intents"]] == ["canceled"]


async def test_a_paid_page_leads_to_the_shop(sandbox: RunningSandbox, session: Any) -> None:
    sandbox.pay(session)
    again = sandbox.http.get(f"/pay/{session.id}")
    assert again.status_code == 303
    assert again.headers["location"] == f"http://shop.test/return?session={session.id}"


async def test_an_ended_page_leads_back(sandbox: RunningSandbox, psp: Any, session: Any) -> None:
    await psp.checkout.sessions.expire_async(session.id)
    page = sandbox.http.get(f"/pay/{session.id}", headers={"Accept-Language": "ru"})
    assert page.status_code == 410
    text = valid(page)
    assert "Время для оплаты вышло" in text
    assert "http://shop.test/return?canceled=1" in text


@pytest.mark.parametrize("path", ["/pay/cs_test_none", "/bank/pi_none", "/pay/%00"])
def test_unknown_pages_say_so(sandbox: RunningSandbox, path: str) -> None:
    for answer in (sandbox.http.get(path), sandbox.http.post(path, data={"number": "1"})):
        assert answer.status_code == 404
        assert "There is no such payment" in valid(answer)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
    ],
    ids=str,
)
async def test_another_sites_form_does_nothing(
    sandbox: RunningSandbox, session: Any, headers: dict[str, str]
) -> None:
    form = {"number": "4242424242424242", "expiry": "12/34", "cvc": "123"}
    answer = sandbox.http.post(f"/pay/{session.id}", data=form, headers=headers)
    assert answer.status_code == 403
    valid(answer)
    assert sandbox.ledger()["intents"] == []
    allowed = {"Origin": sandbox.server.origin, "Sec-Fetch-Site": "same-origin"}
    assert sandbox.http.post(f"/pay/{session.id}", data=form, headers=allowed).status_code == 303


async def test_what_was_typed_is_escaped(sandbox: RunningSandbox, psp: Any, make_session: Make) -> None:
    price = {"currency": "eur", "unit_amount": 100, "product_data": {"name": "<script>alert(1)</script>"}}
    session = await psp.checkout.sessions.create_async(
        params=make_session(line_items=[{"price_data": price, "quantity": 1}])
    )
    assert "<script" not in valid(sandbox.http.get(f"/pay/{session.id}"))


async def test_no_card_number_is_kept(sandbox: RunningSandbox, session: Any, capfd: Any) -> None:
    sandbox.pay(session, PAN)
    sandbox.pay(session, "4000 0025 0000 3155")
    sandbox.pay(session)
    sandbox.stop()
    with sqlite3.connect(sandbox.file) as db:
        kept = "\n".join(db.iterdump())
    db.close()
    logged = "".join(capfd.readouterr())
    for number in (PAN, "4000002500003155", "4000 0025 0000 3155", "4242424242424242"):
        assert number not in kept
        assert number not in logged
    assert "'4242'" in kept


def test_the_stylesheet_is_ours(sandbox: RunningSandbox) -> None:
    assert sandbox.http.get("/assets/page.css").headers["content-type"].startswith("text/css")
    assert sandbox.http.get("/assets/icon.svg").headers["content-type"] == "image/svg+xml"
