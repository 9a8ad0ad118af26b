"""Paying an intent: what the bank answers, and what the intent becomes."""

from sandbox.api.errors import InvalidRequest
from sandbox.api.wire import Json
from sandbox.cards import BY_METHOD, BY_NAME, Card
from sandbox.ids import new_id
from sandbox.intents.models import BALANCE_TRANSACTIONS, CHARGES, BalanceTransaction, Charge, Intent
from sandbox.intents.states import CONFIRMABLE, move, refuse_state
from sandbox.transaction import Transaction

AUTHORIZED_FOR_SECONDS = 7 * 24 * 3600
"""An authorization that is not captured within a week falls back to the cardholder."""


def card_of(method: str) -> Card:
    """The test card that Stripe's test id means. Raises InvalidRequest for any other id."""
    card = BY_METHOD.get(method)
    if card is None:
        raise InvalidRequest(
            f"No such PaymentMethod: '{method}'", code="resource_missing", param="payment_method"
        )
    return card


def confirm(
    transaction: Transaction, intent: Intent, card: Card, *, method: str, authenticated: bool = False
) -> Intent:
    """The intent after this card was tried: requires_action, requires_capture, succeeded, or, declined,
    requires_payment_method with `last_payment_error`. Raises InvalidRequest when nothing can be paid any more."""
    if intent.status not in CONFIRMABLE:
        raise refuse_state(intent, "confirm")
    if card.answer == "asks" and not authenticated:
        return _ask(transaction, intent, card, method)
    charge = _charge(transaction, intent, card, method, authenticated=authenticated)
    if charge.status == "failed":
        return _refuse(transaction, intent, _decline(charge, card), charge=charge.id)
    if intent.capture_method == "manual":
        return _authorize(transaction, intent, card, charge)
    return _take(transaction, intent, card, charge)


def answer_bank(transaction: Transaction, intent: Intent, *, approved: bool) -> Intent:
    """The intent after its cardholder has answered the bank; unchanged when the bank was not asking."""
    if intent.status != "requires_action" or intent.card is None or intent.payment_method is None:
        return intent
    card = BY_NAME[intent.card]
    if approved:
        return confirm(transaction, intent, card, method=intent.payment_method, authenticated=True)
    error = {
        "type": "card_error",
        "code": "payment_intent_authentication_failure",
        "message": "The provided PaymentMethod has failed authentication.",
        "payment_method": {"id": intent.payment_method, "object": "payment_method", "type": "card"},
    }
    return _refuse(transaction, intent, error, charge=intent.latest_charge)


def earn(transaction: Transaction, charge: Charge, amount: int) -> Charge:
    """The charge is captured at this amount and the balance has it."""
    movement = BALANCE_TRANSACTIONS.insert(
        transaction.db,
        BalanceTransaction(
            id=new_id("txn"),
            type="charge",
            amount=amount,
            currency=charge.currency,
            source=charge.id,
            created=transaction.now,
        ),
    )
    changed = CHARGES.update(
        transaction.db, charge.id, captured=True, amount_captured=amount, balance_transaction=movement.id
    )
    return changed or charge


def _ask(transaction: Transaction, intent: Intent, card: Card, method: str) -> Intent:
    return move(
        transaction,
        intent,
        "payment_intent.requires_action",
        status="requires_action",
        payment_method=method,
        card=card.name,
        last_payment_error=None,
    )


def _refuse(transaction: Transaction, intent: Intent, error: Json, *, charge: str | None) -> Intent:
    return move(
        transaction,
        intent,
        "payment_intent.payment_failed",
        status="requires_payment_method",
        payment_method=None,
        card=None,
        last_payment_error=error,
        latest_charge=charge,
    )


def _authorize(transaction: Transaction, intent: Intent, card: Card, charge: Charge) -> Intent:
    return move(
        transaction,
        intent,
        "payment_intent.amount_capturable_updated",
        status="requires_capture",
        amount_capturable=intent.amount,
        capture_before=transaction.now + AUTHORIZED_FOR_SECONDS,
        payment_method=charge.payment_method,
        card=card.name,
        last_payment_error=None,
        latest_charge=charge.id,
    )


def _take(transaction: Transaction, intent: Intent, card: Card, charge: Charge) -> Intent:
    earn(transaction, charge, intent.amount)
    return move(
        transaction,
        intent,
        "payment_intent.succeeded",
        status="succeeded",
        amount_received=intent.amount,
        payment_method=charge.payment_method,
        card=card.name,
        last_payment_error=None,
        latest_charge=charge.id,
    )


def _charge(
    transaction: Transaction, intent: Intent, card: Card, method: str, *, authenticated: bool
) -> Charge:
    failed = card.answer == "declined"
    return CHARGES.insert(
        transaction.db,
        Charge(
            id=new_id("ch"),
            payment_intent=intent.id,
            status="failed" if failed else "succeeded",
            amount=intent.amount,
            amount_captured=0,
            amount_refunded=0,
            currency=intent.currency,
            captured=False,
            description=intent.description,
            payment_method=method,
            brand=card.brand,
            last4=card.last4,
            authenticated=authenticated,
            failure_code=card.code if failed else None,
            decline_code=card.decline_code if failed else None,
            failure_message=card.message if failed else None,
            balance_transaction=None,
            created=transaction.now,
            metadata=intent.metadata,
        ),
    )


def _decline(charge: Charge, card: Card) -> Json:
    return {
        "type": "card_error",
        "code": card.code,
        "decline_code": card.decline_code,
        "message": card.message,
        "charge": charge.id,
        "payment_method": {
            "id": charge.payment_method,
            "object": "payment_method",
            "type": "card",
            "card": {"brand": charge.brand, "last4": charge.last4},
        },
    }
