"""What stands in the store about an intent, its charges and the balance."""

from dataclasses import dataclass
from typing import Annotated, Any

from sandbox.table import AS_JSON, Table


@dataclass(slots=True)
class Intent:
    """One amount to be paid. `card` is the name of the test card in use, `session` the hosted page it belongs to."""

    id: str
    status: str
    amount: int
    currency: str
    capture_method: str
    amount_capturable: int
    amount_received: int
    description: str | None
    receipt_email: str | None
    session: str | None
    payment_method: str | None
    card: str | None
    return_url: str | None
    latest_charge: str | None
    capture_before: int | None
    cancellation_reason: str | None
    canceled_at: int | None
    created: int
    metadata: Annotated[dict[str, str], AS_JSON]
    last_payment_error: Annotated[dict[str, Any] | None, AS_JSON]


@dataclass(slots=True)
class Charge:
    """One try that reached the bank. Of the card it keeps brand and last four digits, nothing else."""

    id: str
    payment_intent: str
    status: str
    amount: int
    amount_captured: int
    amount_refunded: int
    currency: str
    captured: bool
    description: str | None
    payment_method: str
    brand: str
    last4: str
    authenticated: bool
    failure_code: str | None
    decline_code: str | None
    failure_message: str | None
    balance_transaction: str | None
    created: int
    metadata: Annotated[dict[str, str], AS_JSON]


@dataclass(slots=True)
class BalanceTransaction:
    """One movement of the merchant's balance: a capture (amount > 0) or a refund (amount < 0). No fees."""

    id: str
    type: str
    amount: int
    currency: str
    source: str
    created: int


INTENTS = Table("intent", Intent)
CHARGES = Table("charge", Charge)
BALANCE_TRANSACTIONS = Table("balance_transaction", BalanceTransaction)
