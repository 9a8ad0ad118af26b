"""Refunds on the wire."""

from typing import Literal

from pydantic import Field

from sandbox.api.wire import Amount, Json, ListParams, Metadata, Params, Text
from sandbox.refunds.models import Refund


class CreateRefund(Params):
    """Without an amount all that is left goes back. Either `payment_intent` or `charge` says of what."""

    payment_intent: Text | None = None
    charge: Text | None = None
    amount: Amount | None = None
    reason: Literal["duplicate", "fraudulent", "requested_by_customer"] | None = None
    metadata: Metadata = Field(default={})


class UpdateRefund(Params):
    metadata: Metadata = Field(default={})


class ListRefunds(ListParams):
    payment_intent: Text | None = None
    charge: Text | None = None


def refund_json(refund: Refund) -> Json:
    """The refund as Stripe shows it."""
    shown = {
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": refund.balance_transaction,
        "charge": refund.charge,
        "created": refund.created,
        "currency": refund.currency,
        "metadata": refund.metadata,
        "payment_intent": refund.payment_intent,
        "reason": refund.reason,
        "status": refund.status,
    }
    return shown if refund.failure_reason is None else shown | {"failure_reason": refund.failure_reason}
