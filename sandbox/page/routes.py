"""`/pay/{session}` and `/bank/{intent}`: pages and forms. Every form answers with a redirect."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sandbox.api.errors import Missing
from sandbox.api.wire import LARGEST_BODY, Json, Unreadable, parse_form
from sandbox.cards import BY_NAME
from sandbox.intents.confirm import answer_bank
from sandbox.intents.models import Intent
from sandbox.intents.service import intent_named
from sandbox.page.card_form import read_card
from sandbox.page.models import Notice, bank_page, payment_page
from sandbox.page.render import html
from sandbox.page.words import Words, words_for
from sandbox.provider import Provider
from sandbox.routing import PlainRoute
from sandbox.sessions.models import Session
from sandbox.sessions.service import complete_if_paid, intent_of, pay, session_named
from sandbox.transaction import Transaction


async def show_payment(request: Request) -> Response:
    """The form of an open session; a paid one leads to the shop, an ended one says so."""
    provider = _provider(request)
    try:
        with provider.transaction() as transaction:
            session = session_named(transaction, request.path_params["id"])
            intent = intent_of(transaction, session)
    except Missing:
        return _unknown(request)
    words = words_for(request, session.locale)
    if session.status != "open":
        return _after(session, words)
    page = payment_page(
        session,
        intent,
        words,
        shop=provider.settings.shop_name,
        chosen=request.query_params.get("card"),
    )
    return html("pay.html", page, words, leads_to=session.success_url)


async def take_payment(request: Request) -> Response:
    """The card is tried, once: a session that is paid already only leads to the shop."""
    provider = _provider(request)
    form = await _sent(request)
    if form is None:
        return _foreign(request)
    try:
        with provider.transaction() as transaction:
            session = session_named(transaction, request.path_params["id"])
            words = words_for(request, session.locale)
            entry = read_card(form, words, now=transaction.now)
            if session.status == "open" and entry.card is None:
                return html(
                    "pay.html",
                    payment_page(
                        session,
                        None,
                        words,
                        shop=provider.settings.shop_name,
                        chosen=None,
                        mistakes=entry.mistakes,
                    ),
                    words,
                    leads_to=session.success_url,
                    status=422,
                )
            intent = pay(transaction, session, entry.card) if entry.card else None
            session = session_named(transaction, session.id)
    except Missing:
        return _unknown(request)
    if session.status != "open":
        return _after(session, words)
    if intent is not None and intent.status == "requires_action":
        return RedirectResponse(f"/bank/{intent.id}", 303)
    return RedirectResponse(f"/pay/{session.id}#payment", 303)


async def ask_cardholder(request: Request) -> Response:
    """The bank's question, while it is asking; afterwards where the payment stands."""
    provider = _provider(request)
    try:
        with provider.transaction() as transaction:
            intent, session = _asked(transaction, request.path_params["id"])
    except Missing:
        return _unknown(request)
    words = words_for(request, session.locale if session else None)
    if intent.status != "requires_action" or intent.card is None:
        return _answered(request, intent, session)
    page = bank_page(intent, BY_NAME[intent.card], words, shop=provider.settings.shop_name)
    return html("bank.html", page, words, leads_to=session.success_url if session else intent.return_url)


async def hear_cardholder(request: Request) -> Response:
    """The cardholder's answer counts once; a second one changes nothing."""
    provider = _provider(request)
    form = await _sent(request)
    if form is None:
        return _foreign(request)
    try:
        with provider.transaction() as transaction:
            intent, session = _asked(transaction, request.path_params["id"])
            intent = answer_bank(transaction, intent, approved=form.get("answer") == "approve")
            complete_if_paid(transaction, intent)
            intent, session = _asked(transaction, intent.id)
    except Missing:
        return _unknown(request)
    return _answered(request, intent, session)


def _asked(transaction: Transaction, id: str) -> tuple[Intent, Session | None]:  # noqa: A002  # Stripe's word
    """The intent and its session as the clock has them: the session first, for it may have just expired."""
    intent = intent_named(transaction, id)
    session = session_named(transaction, intent.session) if intent.session else None
    return intent_named(transaction, id), session


def _provider(request: Request) -> Provider:
    provider: Provider = request.app.state.provider
    return provider


async def _sent(request: Request) -> Json | None:
    """The sent form; None when it comes from another site or cannot be read."""
    if not _same_origin(request):
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    try:
        return parse_form(body)
    except Unreadable:
        return None


def _same_origin(request: Request) -> bool:
    """Browsers say where a form comes from; a program that says nothing has no shopper's page to abuse."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _after(session: Session, words: Words) -> Response:
    if session.status == "complete":
        return RedirectResponse(session.success_url.replace("{CHECKOUT_SESSION_ID}", session.id), 303)
    return html(
        "notice.html", Notice(words.expired_title, words.expired_text, session.cancel_url), words, status=410
    )


def _answered(request: Request, intent: Intent, session: Session | None) -> Response:
    words = words_for(request, session.locale if session else None)
    if session is not None:
        return (
            RedirectResponse(f"/pay/{session.id}#payment", 303)
            if session.status == "open"
            else _after(session, words)
        )
    if intent.return_url is None:
        return html("notice.html", Notice(words.done_title, words.done_text, None), words)
    outcome = "succeeded" if intent.status in ("requires_capture", "succeeded") else "failed"
    parts = urlsplit(intent.return_url)
    query = [*parse_qsl(parts.query), ("payment_intent", intent.id), ("redirect_status", outcome)]
    return RedirectResponse(parts._replace(query=urlencode(query)).geturl(), 303)


def _unknown(request: Request) -> Response:
    words = words_for(request, None)
    return html("notice.html", Notice(words.unknown_title, words.unknown_text, None), words, status=404)


def _foreign(request: Request) -> Response:
    words = words_for(request, None)
    return html("notice.html", Notice(words.foreign_title, words.foreign_text, None), words, status=403)


ROUTES = [
    PlainRoute("/pay/{id}", show_payment, methods=["GET"]),
    PlainRoute("/pay/{id}", take_payment, methods=["POST"]),
    PlainRoute("/bank/{id}", ask_cardholder, methods=["GET"]),
    PlainRoute("/bank/{id}", hear_cardholder, methods=["POST"]),
]
