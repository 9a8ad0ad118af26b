"""What the templates are given: finished sentences and amounts, nothing to compute."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency

from chassis.money import decimals
from sandbox.cards import BY_NAME, CARDS, Card
from sandbox.intents.models import Intent
from sandbox.page.words import Words
from sandbox.sessions.models import Session

DEFAULT_CARD = "visa"
EXPIRY = "12 / 34"
CVC = "123"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what is paid for."""

    name: str
    description: str | None
    count: str | None
    amount: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One test card on offer."""

    address: str
    brand: str
    last4: str
    meaning: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the card form."""

    value: str
    mistake: str | None


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """The page of an open session."""

    title: str
    shop: str
    total: str
    lines: list[Line]
    email: str | None
    back: str | None
    reason: str | None
    number: Field
    expiry: Field
    cvc: Field
    pay: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class BankPage:
    """The page on which the cardholder's bank asks."""

    title: str
    question: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A page that says one thing."""

    title: str
    text: str
    back: str | None


def amount_text(amount: int, currency: str, words: Words) -> str:
    """Minor units as people of that language write them: `€12.50`, `12,50 €`."""
    code = currency.upper()
    return format_currency(Decimal(amount).scaleb(-decimals(code)), code, locale=words.language)


def payment_page(
    session: Session,
    intent: Intent | None,
    words: Words,
    *,
    shop: str,
    chosen: str | None,
    mistakes: dict[str, str] | None = None,
) -> PaymentPage:
    """The page for a session. `chosen` names the test card to fill in; after `mistakes` the reason of an
    earlier decline is not repeated."""
    card = BY_NAME.get(chosen or "") or BY_NAME[DEFAULT_CARD]
    wrong = mistakes or {}
    return PaymentPage(
        title=words.title.format(shop=shop),
        shop=shop,
        total=amount_text(session.amount_total, session.currency, words),
        lines=[_line(line, session.currency, words) for line in session.line_items],
        email=session.customer_email,
        back=session.cancel_url,
        reason=None if wrong else _reason(intent, words),
        number=Field("" if "number" in wrong else _spaced(card.number), wrong.get("number")),
        expiry=Field("" if "expiry" in wrong else EXPIRY, wrong.get("expiry")),
        cvc=Field("" if "cvc" in wrong else CVC, wrong.get("cvc")),
        pay=words.pay.format(amount=amount_text(session.amount_total, session.currency, words)),
        choices=[
            _choice(offer, session, words, chosen=None if "number" in wrong else card)
            for offer in CARDS
            if offer.offered
        ],
    )


def bank_page(intent: Intent, card: Card, words: Words, *, shop: str) -> BankPage:
    """The bank's question about an intent."""
    amount = amount_text(intent.amount, intent.currency, words)
    return BankPage(
        title=words.bank_title,
        question=words.bank_question.format(shop=shop, amount=amount, last4=card.last4),
    )


def _line(line: dict[str, object], currency: str, words: Words) -> Line:
    quantity, price, total = (int(str(line[key])) for key in ("quantity", "unit_amount", "amount_total"))
    count = words.each.format(quantity=quantity, price=amount_text(price, currency, words))
    description = line["description"]
    return Line(
        name=str(line["name"]),
        description=str(description) if description else None,
        count=count if quantity > 1 else None,
        amount=amount_text(total, currency, words),
    )


def _choice(card: Card, session: Session, words: Words, *, chosen: Card | None) -> Choice:
    return Choice(
        address=f"/pay/{session.id}?card={card.name}#payment",
        brand=card.brand.capitalize(),
        last4=card.last4,
        meaning=words.meanings[card.name],
        chosen=card is chosen,
    )


def _reason(intent: Intent | None, words: Words) -> str | None:
    if intent is None or intent.last_payment_error is None:
        return None
    error = intent.last_payment_error
    return words.reasons[error.get("decline_code") or error["code"]]


def _spaced(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
