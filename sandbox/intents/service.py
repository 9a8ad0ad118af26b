"""Intents: made, captured, canceled, found."""

import re

from sandbox.api.errors import InvalidRequest, missing
from sandbox.api.wire import Json
from sandbox.ids import new_id
from sandbox.intents.confirm import earn
from sandbox.intents.models import CHARGES, INTENTS, Charge, Intent
from sandbox.intents.schemas import charge_json
from sandbox.intents.states import FROM, move, refuse_state
from sandbox.transaction import Transaction

CLAUSE = re.compile(
    r"\s*(?:metadata\[(?P<quote>['\"])(?P<key>[^'\"]{1,40})(?P=quote)\]|(?P<status>status)):(['\"])(?P<value>[^'\"]*)\4\s*"
)


def new_intent(
    transaction: Transaction,
    *,
    amount: int,
    currency: str,
    capture_method: str,
    metadata: dict[str, str],
    description: str | None = None,
    receipt_email: str | None = None,
    return_url: str | None = None,
    session: str | None = None,
) -> Intent:
    """An intent that waits for a card."""
    return INTENTS.insert(
        transaction.db,
        Intent(
            id=new_id("pi"),
            status="requires_payment_method",
            amount=amount,
            currency=currency,
            capture_method="manual" if capture_method == "manual" else "automatic",
            amount_capturable=0,
            amount_received=0,
            description=description,
            receipt_email=receipt_email,
            session=session,
            payment_method=None,
            card=None,
            return_url=return_url,
            latest_charge=None,
            capture_before=None,
            cancellation_reason=None,
            canceled_at=None,
            created=transaction.now,
            metadata=metadata,
            last_payment_error=None,
        ),
    )


def intent_named(transaction: Transaction, id: str, *, param: str = "intent") -> Intent:  # noqa: A002  # Stripe's word
    """The intent with this id. Raises Missing."""
    intent = INTENTS.get(transaction.db, id)
    if intent is None:
        raise missing("payment_intent", id, param=param)
    return intent


def capture(transaction: Transaction, intent: Intent, *, amount: int | None) -> Intent:
    """The money is taken, all of it or `amount`; the rest of the authorization is released. Raises InvalidRequest."""
    if intent.status != "requires_capture" or intent.latest_charge is None:
        raise refuse_state(intent, "capture")
    taken = intent.amount_capturable if amount is None else amount
    if taken > intent.amount_capturable:
        raise InvalidRequest(
            "The amount to capture is greater than the amount that can be captured.",
            code="amount_too_large",
            param="amount_to_capture",
        )
    earn(transaction, charge_named(transaction, intent.latest_charge), taken)
    return move(
        transaction,
        intent,
        "payment_intent.succeeded",
        status="succeeded",
        amount_capturable=0,
        amount_received=taken,
        capture_before=None,
    )


def cancel(transaction: Transaction, intent: Intent, *, reason: str | None) -> Intent:
    """Nothing can be paid or captured any more; an authorization falls back to the cardholder. Raises InvalidRequest."""
    return move(
        transaction,
        intent,
        "payment_intent.canceled",
        status="canceled",
        amount_capturable=0,
        capture_before=None,
        payment_method=intent.payment_method if intent.latest_charge else None,
        cancellation_reason=reason,
        canceled_at=transaction.now,
    )


def cancel_if_open(transaction: Transaction, intent: Intent, *, reason: str) -> None:
    """The intent is final: canceled unless it was already."""
    if intent.status in FROM["canceled"]:
        cancel(transaction, intent, reason=reason)


def release_uncaptured(transaction: Transaction) -> None:
    """Authorizations whose week is over have fallen back to their cardholders."""
    for intent in INTENTS.where(
        transaction.db, "status = 'requires_capture' AND capture_before <= ? LIMIT 100", transaction.now
    ):
        cancel(transaction, intent, reason="automatic")


def charge_named(transaction: Transaction, id: str) -> Charge:  # noqa: A002  # Stripe's word
    """The charge with this id. Raises Missing."""
    charge = CHARGES.get(transaction.db, id)
    if charge is None:
        raise missing("charge", id)
    return charge


def shown_charge(transaction: Transaction, charge: Charge) -> Json:
    """The charge on the wire, with the deadline of its capture."""
    intent = intent_named(transaction, charge.payment_intent)
    return charge_json(
        charge, capture_before=intent.capture_before if intent.latest_charge == charge.id else None
    )


def search_conditions(query: str) -> list[tuple[str, str]]:
    """SQL conditions, each with its value, for Stripe's search language as far as the sandbox knows it.

    Raises InvalidRequest for anything but `metadata['key']:'value'` and `status:'…'` joined by AND.
    """
    conditions = []
    for clause in re.split(r"\sAND\s", query):
        found = CLAUSE.fullmatch(clause)
        if found is None:
            raise InvalidRequest(
                "The sandbox searches by metadata['key']:'value' and status:'value', joined by AND.",
                param="query",
            )
        if found["key"] is None:
            conditions.append(("status = ?", found["value"]))
        else:
            conditions.append(
                (
                    "EXISTS (SELECT 1 FROM json_each(metadata) WHERE key || char(10) || value = ?)",
                    f"{found['key']}\n{found['value']}",
                )
            )
    return conditions
