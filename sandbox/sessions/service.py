"""Checkout Sessions: made, paid, expired. A session expires by the clock, whoever looks first."""

from sandbox.api.errors import InvalidRequest, missing
from sandbox.api.wire import Json
from sandbox.cards import Card
from sandbox.events.service import EventType, tell
from sandbox.ids import new_id
from sandbox.intents.confirm import confirm
from sandbox.intents.models import INTENTS, Intent
from sandbox.intents.service import cancel_if_open, new_intent
from sandbox.sessions.models import SESSIONS, Session
from sandbox.sessions.schemas import CreateSession, session_json
from sandbox.transaction import Transaction

LONGEST_SESSION_SECONDS = 24 * 3600
LARGEST_TOTAL = 99_999_999
SLACK_SECONDS = 5
"""A request takes a moment to arrive: an expiry that was far enough ahead when it was sent is accepted."""


def create(transaction: Transaction, asked: CreateSession, *, minimum_seconds: int) -> Session:
    """An open session. Raises InvalidRequest for prices in several currencies, a total of zero, or a wrong expiry."""
    lines = [
        {
            "name": line.price_data.product_data.name,
            "description": line.price_data.product_data.description,
            "image": next(iter(line.price_data.product_data.images), None),
            "unit_amount": line.price_data.unit_amount,
            "quantity": line.quantity,
            "amount_total": line.price_data.unit_amount * line.quantity,
        }
        for line in asked.line_items
    ]
    return SESSIONS.insert(
        transaction.db,
        Session(
            id=new_id("cs_test"),
            status="open",
            amount_total=_total(asked),
            currency=_one_currency(asked),
            capture_method=asked.payment_intent_data.capture_method,
            success_url=asked.success_url,
            cancel_url=asked.cancel_url,
            customer_email=asked.customer_email,
            client_reference_id=asked.client_reference_id,
            locale=asked.locale,
            intent_description=asked.payment_intent_data.description,
            payment_intent=None,
            created=transaction.now,
            expires_at=_expiry(asked.expires_at, now=transaction.now, minimum=minimum_seconds),
            line_items=lines,
            metadata=asked.metadata,
            intent_metadata=asked.payment_intent_data.metadata,
        ),
    )


def _total(asked: CreateSession) -> int:
    total = sum(line.price_data.unit_amount * line.quantity for line in asked.line_items)
    if not 0 < total <= LARGEST_TOTAL:
        raise InvalidRequest(
            f"The total of a Checkout Session must be between 1 and {LARGEST_TOTAL}.", param="line_items"
        )
    return total


def _one_currency(asked: CreateSession) -> str:
    first, *others = {line.price_data.currency for line in asked.line_items}
    if others:
        raise InvalidRequest("All line items must have the same currency.", param="line_items")
    return first


def _expiry(asked: int | None, *, now: int, minimum: int) -> int:
    if asked is None:
        return now + LONGEST_SESSION_SECONDS
    if not now + minimum - SLACK_SECONDS <= asked <= now + LONGEST_SESSION_SECONDS + SLACK_SECONDS:
        raise InvalidRequest(
            f"The `expires_at` timestamp must be between {minimum} seconds and 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return asked


def session_named(transaction: Transaction, id: str) -> Session:  # noqa: A002  # Stripe's word
    """The session with this id as the clock has it: expired when its time is over. Raises Missing."""
    session = SESSIONS.get(transaction.db, id)
    if session is None:
        raise missing("checkout.session", id, param="session")
    if session.status == "open" and session.expires_at <= transaction.now:
        return _close(transaction, session)
    return session


def expire(transaction: Transaction, session: Session) -> Session:
    """Nobody can pay it any more. Raises InvalidRequest unless it is open."""
    if session.status != "open":
        raise InvalidRequest(
            f"Only Checkout Sessions with a status in ['open'] can be expired. This Checkout Session has a status of '{session.status}'."
        )
    return _close(transaction, session)


def expire_due(transaction: Transaction) -> None:
    """Sessions whose time is over are expired, a hundred at most."""
    for session in SESSIONS.where(
        transaction.db, "status = 'open' AND expires_at <= ? LIMIT 100", transaction.now
    ):
        _close(transaction, session)


def pay(transaction: Transaction, session: Session, card: Card) -> Intent | None:
    """The session's intent after this card was tried; the session is complete when the bank said yes.

    Safe to repeat: a session that is not open is left as it is (None when nobody ever tried to pay it), and
    a bank that is asking is not asked twice.
    """
    intent = intent_of(transaction, session)
    if session.status != "open":
        return intent
    if intent is None:
        intent = new_intent(
            transaction,
            amount=session.amount_total,
            currency=session.currency,
            capture_method=session.capture_method,
            metadata=session.intent_metadata,
            description=session.intent_description,
            receipt_email=session.customer_email,
            session=session.id,
        )
        SESSIONS.update(transaction.db, session.id, payment_intent=intent.id)
    if intent.status == "requires_action" and intent.card == card.name:
        return intent
    return complete_if_paid(transaction, confirm(transaction, intent, card, method=new_id("pm")))


def complete_if_paid(transaction: Transaction, intent: Intent) -> Intent:
    """The same intent; its open session is complete when the money is authorized or taken."""
    if intent.session is not None and intent.status in ("requires_capture", "succeeded"):
        _end(transaction, intent.session, "complete", "checkout.session.completed")
    return intent


def intent_of(transaction: Transaction, session: Session) -> Intent | None:
    """The session's intent, if somebody has tried to pay."""
    return INTENTS.get(transaction.db, session.payment_intent) if session.payment_intent else None


def shown(transaction: Transaction, session: Session) -> Json:
    """The session on the wire."""
    return session_json(session, intent_of(transaction, session), pages=transaction.pages)


def _close(transaction: Transaction, session: Session) -> Session:
    intent = intent_of(transaction, session)
    if intent is not None:
        cancel_if_open(transaction, intent, reason="expired")
    return _end(transaction, session.id, "expired", "checkout.session.expired") or session


def _end(transaction: Transaction, id: str, status: str, event_type: EventType) -> Session | None:  # noqa: A002  # Stripe's word
    ended = SESSIONS.update(transaction.db, id, status_in=("open",), status=status)
    if ended is not None:
        tell(transaction, event_type, shown(transaction, ended))
    return ended
