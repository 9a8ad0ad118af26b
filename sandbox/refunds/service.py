"""Refunds are made here and nowhere else: one guarded update keeps them within what was captured."""

from sandbox.api.errors import InvalidRequest, missing
from sandbox.events.service import tell
from sandbox.ids import new_id
from sandbox.intents.models import BALANCE_TRANSACTIONS, CHARGES, BalanceTransaction, Charge
from sandbox.intents.service import charge_named, intent_named, shown_charge
from sandbox.refunds.models import REFUNDS, Refund
from sandbox.refunds.schemas import CreateRefund, refund_json
from sandbox.transaction import Transaction


def refund(transaction: Transaction, asked: CreateRefund) -> Refund:
    """The money has gone back. Raises InvalidRequest when nothing was captured or less is left than asked."""
    charge = _captured(transaction, asked)
    left = charge.amount_captured - charge.amount_refunded
    amount = left if asked.amount is None else asked.amount
    if left == 0:
        raise InvalidRequest(f"Charge {charge.id} has already been refunded.", code="charge_already_refunded")
    if amount > left:
        raise InvalidRequest(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )
    charge = (
        CHARGES.update(transaction.db, charge.id, amount_refunded=charge.amount_refunded + amount) or charge
    )
    made = Refund(
        id=new_id("re"),
        payment_intent=charge.payment_intent,
        charge=charge.id,
        status="succeeded",
        amount=amount,
        currency=charge.currency,
        reason=asked.reason,
        balance_transaction=new_id("txn"),
        failure_reason=None,
        created=transaction.now,
        metadata=asked.metadata,
    )
    _spend(transaction, REFUNDS.insert(transaction.db, made))
    tell(transaction, "refund.created", refund_json(made))
    tell(transaction, "charge.refunded", shown_charge(transaction, charge))
    return made


def refund_named(transaction: Transaction, id: str) -> Refund:  # noqa: A002  # Stripe's word
    """The refund with this id. Raises Missing."""
    found = REFUNDS.get(transaction.db, id)
    if found is None:
        raise missing("refund", id)
    return found


def describe(transaction: Transaction, refund: Refund, metadata: dict[str, str]) -> Refund:
    """The refund with this metadata added; an empty value removes its key."""
    merged = {key: value for key, value in (refund.metadata | metadata).items() if value}
    changed = REFUNDS.update(transaction.db, refund.id, metadata=merged) or refund
    tell(transaction, "refund.updated", refund_json(changed))
    return changed


def _captured(transaction: Transaction, asked: CreateRefund) -> Charge:
    if (asked.payment_intent is None) == (asked.charge is None):
        raise InvalidRequest(
            "Send either payment_intent or charge.", code="parameter_missing", param="payment_intent"
        )
    if asked.charge is not None:
        charge = charge_named(transaction, asked.charge)
    else:
        intent = intent_named(transaction, asked.payment_intent or "", param="payment_intent")
        if intent.latest_charge is None:
            raise InvalidRequest(
                f"This PaymentIntent ({intent.id}) does not have a successful charge to refund.",
                code="payment_intent_unexpected_state",
            )
        charge = charge_named(transaction, intent.latest_charge)
    if not charge.captured:
        raise InvalidRequest(
            f"This PaymentIntent ({charge.payment_intent}) does not have a captured charge to refund.",
            code="payment_intent_unexpected_state",
        )
    return charge


def _spend(transaction: Transaction, refund: Refund) -> None:
    BALANCE_TRANSACTIONS.insert(
        transaction.db,
        BalanceTransaction(
            id=refund.balance_transaction or "",
            type="refund",
            amount=-refund.amount,
            currency=refund.currency,
            source=refund.id,
            created=transaction.now,
        ),
    )
