"""The ledger of one payment, for staff."""

from typing import Annotated

from pydantic import Field

from chassis.auth import StaffCaller
from chassis.errors import Forbidden, NotFound
from chassis.openapi import responses
from chassis.routing import Router
from chassis.schemas import MoneyOut, Out, Timestamp, Uuid
from payments.attempts import queries as payments
from payments.deps import TheDesk
from payments.ledger import queries

router = Router(tags=["payments"], responses=responses(Forbidden))


class EntryOut(Out):
    """One side of a transaction: a debit is positive, a credit negative."""

    transaction_id: Uuid
    kind: Annotated[str, Field(examples=["capture"])]
    refund_id: Uuid | None
    account: Annotated[str, Field(examples=["provider_clearing"])]
    amount: MoneyOut
    created_at: Timestamp


class LedgerOut(Out):
    """Everything that was posted about one payment, oldest first. The entries of a transaction sum to zero."""

    items: list[EntryOut]


@router.get(
    "/payments/{payment_id}/ledger", summary="Look at a payment's ledger", responses=responses(NotFound)
)
async def get_ledger(payment_id: Uuid, _: StaffCaller, desk: TheDesk) -> LedgerOut:
    """The double entries of every capture and refund. Staff only."""
    entries = await queries.entries_of(desk.db, payment_id)
    if not entries and await payments.payment(desk.db, payment_id) is None:
        raise NotFound
    return LedgerOut(
        items=[
            EntryOut(
                transaction_id=entry["id"],
                kind=entry["kind"],
                refund_id=entry["refund_id"],
                account=entry["account"],
                amount=MoneyOut(amount=entry["amount"], currency=entry["currency"]),
                created_at=entry["created_at"],
            )
            for entry in entries
        ]
    )
