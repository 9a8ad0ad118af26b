"""PaymentIntents, charges and balance transactions on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sandbox.api.wire import Amount, Currency, Json, Listed, ListParams, Metadata, Params, Text
from sandbox.intents.models import BalanceTransaction, Charge, Intent

CaptureMethod = Literal["automatic", "automatic_async", "manual"]
Email = Annotated[Text, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
WebAddress = Annotated[Text, Field(pattern=r"^https?://[^/\s]", max_length=2048)]


class AutomaticPaymentMethods(BaseModel):
    """Accepted and without effect: the sandbox has cards only."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool
    allow_redirects: Literal["always", "never"] = "always"


class CreateIntent(Params):
    """Stripe's parameters that the sandbox knows."""

    amount: Amount
    currency: Currency
    capture_method: CaptureMethod = "automatic"
    description: Text | None = None
    metadata: Metadata = Field(default={})
    receipt_email: Email | None = None
    payment_method: Text | None = None
    payment_method_types: Listed[Literal["card"]] = Field(default=["card"])
    automatic_payment_methods: AutomaticPaymentMethods | None = None
    confirm: bool = False
    return_url: WebAddress | None = None


class ConfirmIntent(Params):
    """`payment_method` is one of Stripe's `pm_card_…` test ids."""

    payment_method: Text | None = None
    return_url: WebAddress | None = None


class CaptureIntent(Params):
    """Without an amount everything is captured; what is not captured is released."""

    amount_to_capture: Amount | None = None
    metadata: Metadata | None = None


class CancelIntent(Params):
    """Why, for the record."""

    cancellation_reason: Literal["abandoned", "duplicate", "fraudulent", "requested_by_customer"] | None = (
        None
    )


class SearchIntents(Params):
    """`query`: `metadata['key']:'value'` and `status:'…'`, joined by AND."""

    query: Text
    limit: int = Field(default=10, ge=1, le=100)
    page: str | None = None


class ListCharges(ListParams):
    payment_intent: Text | None = None


class ListBalanceTransactions(ListParams):
    source: Text | None = None
    type: Literal["charge", "refund"] | None = None


def intent_json(intent: Intent, *, pages: str) -> Json:
    """The intent as Stripe shows it. `pages` is the origin of the hosted pages, where the bank asks."""
    return {
        "id": intent.id,
        "object": "payment_intent",
        "amount": intent.amount,
        "amount_capturable": intent.amount_capturable,
        "amount_received": intent.amount_received,
        "canceled_at": intent.canceled_at,
        "cancellation_reason": intent.cancellation_reason,
        "capture_method": intent.capture_method,
        "client_secret": None,
        "confirmation_method": "automatic",
        "created": intent.created,
        "currency": intent.currency,
        "customer": None,
        "description": intent.description,
        "last_payment_error": intent.last_payment_error,
        "latest_charge": intent.latest_charge,
        "livemode": False,
        "metadata": intent.metadata,
        "next_action": _next_action(intent, pages),
        "payment_method": intent.payment_method,
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": intent.receipt_email,
        "status": intent.status,
    }


def _next_action(intent: Intent, pages: str) -> Json | None:
    if intent.status != "requires_action":
        return None
    return {
        "type": "redirect_to_url",
        "redirect_to_url": {"url": f"{pages}/bank/{intent.id}", "return_url": intent.return_url},
    }


def charge_json(charge: Charge, *, capture_before: int | None) -> Json:
    """The charge as Stripe shows it; `capture_before` while it waits for its capture."""
    failed = charge.status == "failed"
    return {
        "id": charge.id,
        "object": "charge",
        "amount": charge.amount,
        "amount_captured": charge.amount_captured,
        "amount_refunded": charge.amount_refunded,
        "balance_transaction": charge.balance_transaction,
        "captured": charge.captured,
        "created": charge.created,
        "currency": charge.currency,
        "description": charge.description,
        "disputed": False,
        "failure_code": charge.failure_code,
        "failure_message": charge.failure_message,
        "livemode": False,
        "metadata": charge.metadata,
        "outcome": {
            "network_status": "declined_by_network" if failed else "approved_by_network",
            "reason": charge.decline_code,
            "type": "issuer_declined" if failed else "authorized",
        },
        "paid": not failed,
        "payment_intent": charge.payment_intent,
        "payment_method": charge.payment_method,
        "payment_method_details": {
            "type": "card",
            "card": {
                "brand": charge.brand,
                "capture_before": capture_before,
                "last4": charge.last4,
                "three_d_secure": {"result": "authenticated"} if charge.authenticated else None,
            },
        },
        "refunded": charge.captured and charge.amount_refunded == charge.amount_captured,
        "status": charge.status,
    }


def balance_transaction_json(movement: BalanceTransaction) -> Json:
    """The movement as Stripe shows it; the sandbox takes no fee, and money is available at once."""
    return {
        "id": movement.id,
        "object": "balance_transaction",
        "amount": movement.amount,
        "available_on": movement.created,
        "balance_type": "payments",
        "created": movement.created,
        "currency": movement.currency,
        "description": None,
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": movement.amount,
        "reporting_category": movement.type,
        "source": movement.source,
        "status": "available",
        "type": movement.type,
    }
