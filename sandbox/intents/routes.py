"""`/v1/payment_intents`, `/v1/charges`, `/v1/balance_transactions`."""

from sandbox.api.endpoint import Call, call
from sandbox.api.errors import CardRefused, InvalidRequest, StripeError, missing
from sandbox.api.lists import list_page
from sandbox.api.wire import Json, ListParams, Params
from sandbox.intents.confirm import card_of, confirm
from sandbox.intents.models import BALANCE_TRANSACTIONS, CHARGES, INTENTS, Intent
from sandbox.intents.schemas import (
    CancelIntent,
    CaptureIntent,
    ConfirmIntent,
    CreateIntent,
    ListBalanceTransactions,
    ListCharges,
    SearchIntents,
    balance_transaction_json,
    intent_json,
)
from sandbox.intents.service import (
    cancel,
    capture,
    charge_named,
    intent_named,
    new_intent,
    search_conditions,
    shown_charge,
)
from sandbox.intents.states import refuse_state
from sandbox.transaction import Transaction


def _create(call: Call[CreateIntent]) -> Json | StripeError:
    asked = call.params
    card = card_of(asked.payment_method) if asked.payment_method else None
    if asked.confirm and card is None:
        raise InvalidRequest(
            "To confirm at creation, send a payment_method.", code="parameter_missing", param="payment_method"
        )
    intent = new_intent(
        call.transaction,
        amount=asked.amount,
        currency=asked.currency,
        capture_method=asked.capture_method,
        metadata=asked.metadata,
        description=asked.description,
        receipt_email=asked.receipt_email,
        return_url=asked.return_url,
    )
    if card is None or asked.payment_method is None:
        return _shown(call.transaction, intent)
    if asked.confirm:
        return _tried(call.transaction, confirm(call.transaction, intent, card, method=asked.payment_method))
    kept = INTENTS.update(
        call.transaction.db, intent.id, status="requires_confirmation", payment_method=asked.payment_method
    )
    return _shown(call.transaction, kept or intent)


def _retrieve(call: Call[Params]) -> Json:
    return _shown(call.transaction, intent_named(call.transaction, call.id))


def _list(call: Call[ListParams]) -> Json:
    return list_page(
        call.transaction,
        INTENTS,
        call.params,
        url="/v1/payment_intents",
        equal={},
        render=lambda intent: _shown(call.transaction, intent),
    )


def _search(call: Call[SearchIntents]) -> Json:
    rows, more = INTENTS.page(
        call.transaction.db,
        limit=call.params.limit,
        equal={},
        conditions=search_conditions(call.params.query),
        after=call.params.page,
    )
    return {
        "object": "search_result",
        "data": [_shown(call.transaction, intent) for intent in rows],
        "has_more": more,
        "next_page": rows[-1].id if more else None,
        "url": "/v1/payment_intents/search",
    }


def _confirm(call: Call[ConfirmIntent]) -> Json | StripeError:
    intent = _outside_open_session(call.transaction, intent_named(call.transaction, call.id), "confirm")
    method = call.params.payment_method or intent.payment_method
    if method is None:
        raise InvalidRequest(
            "Send a payment_method to confirm this PaymentIntent with.",
            code="parameter_missing",
            param="payment_method",
        )
    if call.params.return_url:
        intent = INTENTS.update(call.transaction.db, intent.id, return_url=call.params.return_url) or intent
    return _tried(call.transaction, confirm(call.transaction, intent, card_of(method), method=method))


def _capture(call: Call[CaptureIntent]) -> Json:
    intent = intent_named(call.transaction, call.id)
    if call.params.metadata:
        merged = intent.metadata | call.params.metadata
        intent = INTENTS.update(call.transaction.db, intent.id, metadata=merged) or intent
    return _shown(call.transaction, capture(call.transaction, intent, amount=call.params.amount_to_capture))


def _cancel(call: Call[CancelIntent]) -> Json:
    intent = _outside_open_session(call.transaction, intent_named(call.transaction, call.id), "cancel")
    return _shown(call.transaction, cancel(call.transaction, intent, reason=call.params.cancellation_reason))


def _outside_open_session(transaction: Transaction, intent: Intent, wanted: str) -> Intent:
    """As with Stripe: while its Checkout Session is open, only the session's page and its expiry touch an intent."""
    if intent.session is None or intent.status in ("requires_capture", "succeeded", "canceled"):
        return intent
    raise refuse_state(intent, f"{wanted} inside an open Checkout Session; expire the session instead")


def _tried(transaction: Transaction, intent: Intent) -> Json | StripeError:
    shown = _shown(transaction, intent)
    error = intent.last_payment_error
    if error is None:
        return shown
    return CardRefused(
        error["message"], code=error["code"], decline_code=error.get("decline_code"), payment_intent=shown
    )


def _shown(transaction: Transaction, intent: Intent) -> Json:
    return intent_json(intent, pages=transaction.pages)


def _retrieve_charge(call: Call[Params]) -> Json:
    return shown_charge(call.transaction, charge_named(call.transaction, call.id))


def _list_charges(call: Call[ListCharges]) -> Json:
    return list_page(
        call.transaction,
        CHARGES,
        call.params,
        url="/v1/charges",
        equal={"payment_intent": call.params.payment_intent},
        render=lambda charge: shown_charge(call.transaction, charge),
    )


def _retrieve_movement(call: Call[Params]) -> Json:
    movement = BALANCE_TRANSACTIONS.get(call.transaction.db, call.id)
    if movement is None:
        raise missing("balance transaction", call.id)
    return balance_transaction_json(movement)


def _list_movements(call: Call[ListBalanceTransactions]) -> Json:
    return list_page(
        call.transaction,
        BALANCE_TRANSACTIONS,
        call.params,
        url="/v1/balance_transactions",
        equal={"source": call.params.source, "type": call.params.type},
        render=balance_transaction_json,
    )


ROUTES = [
    call("GET", "/v1/payment_intents/search", SearchIntents, _search),
    call("GET", "/v1/payment_intents/{id}", Params, _retrieve),
    call("GET", "/v1/payment_intents", ListParams, _list),
    call("POST", "/v1/payment_intents/{id}/confirm", ConfirmIntent, _confirm),
    call("POST", "/v1/payment_intents/{id}/capture", CaptureIntent, _capture),
    call("POST", "/v1/payment_intents/{id}/cancel", CancelIntent, _cancel),
    call("POST", "/v1/payment_intents", CreateIntent, _create),
    call("GET", "/v1/charges/{id}", Params, _retrieve_charge),
    call("GET", "/v1/charges", ListCharges, _list_charges),
    call("GET", "/v1/balance_transactions/{id}", Params, _retrieve_movement),
    call("GET", "/v1/balance_transactions", ListBalanceTransactions, _list_movements),
]
