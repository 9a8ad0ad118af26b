"""The provider's books in one answer, for whoever compares them with the shop's."""

from collections import Counter
from dataclasses import asdict

from sandbox.control.schemas import LedgerIntent, LedgerOut, LedgerRefund, LedgerSession
from sandbox.intents.models import INTENTS
from sandbox.refunds.models import REFUNDS
from sandbox.sessions.models import SESSIONS
from sandbox.transaction import Transaction

ALL = "true ORDER BY rowid"


def ledger(transaction: Transaction) -> LedgerOut:
    """All sessions, intents and refunds as they stand now."""
    refunds = REFUNDS.where(transaction.db, ALL)
    refunded: Counter[str] = Counter()
    for refund in refunds:
        if refund.status != "failed":
            refunded[refund.payment_intent] += refund.amount
    return LedgerOut(
        now=transaction.now,
        sessions=[LedgerSession.model_validate(row) for row in SESSIONS.where(transaction.db, ALL)],
        intents=[
            LedgerIntent(**{**asdict(row), "amount_refunded": refunded[row.id]})
            for row in INTENTS.where(transaction.db, ALL)
        ],
        refunds=[LedgerRefund.model_validate(row) for row in refunds],
    )
