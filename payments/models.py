"""All tables of this service, for its migrations."""

from chassis import idempotency
from payments.attempts.models import Payable, Payment, PaymentOperation
from payments.ledger.models import LedgerEntry, LedgerTransaction
from payments.news.models import News
from payments.refunds.models import Refund
from payments.tables import Base
from payments.webhooks.models import ProviderEvent

metadata = Base.metadata
idempotency_keys = idempotency.table(metadata)

__all__ = [
    "LedgerEntry",
    "LedgerTransaction",
    "News",
    "Payable",
    "Payment",
    "PaymentOperation",
    "ProviderEvent",
    "Refund",
    "idempotency_keys",
    "metadata",
]
