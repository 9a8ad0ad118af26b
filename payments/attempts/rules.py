"""What a provider's answer makes of a payment: one pure function, and the tables it decides by.

Facts only move forward: created → requires_action → processing → authorized → captured, `failed` and `voided`
from any before `captured`. Money is always recorded, also when it is wrong or comes too late; the payment is
then quarantined, its status stays what it was if that was final, and orders hears of it.
"""

from dataclasses import dataclass, replace

from chassis.money import Money
from payments.attempts.payment import (
    AUTHORIZED,
    CAPTURED,
    CREATED,
    FAILED,
    PROCESSING,
    RANKS,
    REQUIRES_ACTION,
    VOIDED,
    Operation,
    Payment,
    capture_key,
    create_key,
)
from payments.ledger import rules as ledger
from payments.ledger.rules import Posting
from payments.providers.protocol import Refs, Refused, Snapshot, Stage

STATUS_OF = {
    Stage.OPEN: REQUIRES_ACTION,
    Stage.PROCESSING: PROCESSING,
    Stage.AUTHORIZED: AUTHORIZED,
    Stage.CAPTURED: CAPTURED,
}
NEWSWORTHY = frozenset({AUTHORIZED, CAPTURED, FAILED, VOIDED})
POLLS = (60, 300, 1800)
"""Seconds after its beginning at which an open payment is asked about; then every hour."""
POLLED_FOR = 72 * 3600
AFTER_EXPIRY = 5
"""Seconds after the end of the provider's session at which the payment is asked about too."""


@dataclass(frozen=True, slots=True)
class OperationChange:
    """An operation as it shall be; a new one when no other has its key, else only an open one changes."""

    kind: str
    key: str
    amount: int
    status: str
    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What one answer changes, written in one statement."""

    status: str
    authorized: int
    captured: int
    refs: Refs
    redirect_url: str | None
    quarantine: str | None
    """Why it is quarantined from now on; None when nothing is wrong with this answer."""
    operations: tuple[OperationChange, ...]
    postings: tuple[Posting, ...]
    news: tuple[str, ...]


def decide(payment: Payment, snapshot: Snapshot) -> Move | None:
    """The move that the provider's answer makes; None when it says nothing new."""
    in_our_currency = snapshot.currency == payment.due.currency
    captured = max(payment.captured, snapshot.captured if in_our_currency else 0)
    authorized = max(payment.authorized, captured, snapshot.authorized if in_our_currency else 0)
    status = _next_status(payment, snapshot.stage)
    refs = Refs(payment.refs.page or snapshot.refs.page, payment.refs.payment or snapshot.refs.payment)
    move = Move(
        status=status,
        authorized=authorized,
        captured=captured,
        refs=refs,
        redirect_url=payment.redirect_url or snapshot.redirect_url,
        quarantine=None if payment.quarantined else _quarantine(payment, snapshot),
        operations=(*_operations(payment, status, captured), *_declined(payment, snapshot)),
        postings=_postings(payment, snapshot, status, captured - payment.captured),
        news=_news(payment, status, authorized, captured),
    )
    return None if _is_nothing(payment, move) else move


def decide_refused(payment: Payment, refused: Refused) -> Move | None:
    """The move when the provider will never open this payment; None when it was closed already."""
    if payment.is_final or RANKS[payment.status] > RANKS[CREATED]:
        return None
    status = _closed(payment)
    operations = _operations(payment, status, payment.captured)
    said = OperationChange(
        "authorize", create_key(payment.id), payment.due.amount, "failed", refused.code, refused.message
    )
    return Move(
        status=status,
        authorized=payment.authorized,
        captured=payment.captured,
        refs=payment.refs,
        redirect_url=None,
        quarantine=None,
        operations=(said, *(each for each in operations if each.key != said.key)),
        postings=(),
        news=(f"payment.{status}",),
    )


def after(payment: Payment, move: Move) -> Payment:
    """The payment with the move made, as a read would find it."""
    changes = {change.key: change for change in move.operations}
    kept = [
        replace(each, status=change.status, code=change.code, message=change.message)
        if (change := changes.pop(each.key, None)) and each.is_open
        else each
        for each in payment.operations
    ]
    added = [
        Operation(
            kind=change.kind,
            key=change.key,
            status=change.status,
            amount=change.amount,
            only_if_unpaid=False,
            code=change.code,
            message=change.message,
            created_at=payment.read_at,
        )
        for change in changes.values()
    ]
    return replace(
        payment,
        status=move.status,
        authorized=move.authorized,
        captured=move.captured,
        refs=move.refs,
        redirect_url=move.redirect_url,
        quarantined=payment.quarantined or move.quarantine is not None,
        quarantine_reason=payment.quarantine_reason or move.quarantine,
        version=payment.version + 1,
        operations=(*kept, *added),
    )


def seconds_to_next_poll(payment: Payment, status: str) -> float | None:
    """When to ask the provider again unasked, in seconds; None: never (settled, or too old)."""
    if status in (CAPTURED, FAILED, VOIDED):
        return None
    age = (payment.read_at - payment.created_at).total_seconds()
    if age >= POLLED_FOR:
        return None
    step = next((poll for poll in POLLS if poll > age), (age // 3600 + 1) * 3600)
    wait = step - age
    if payment.session_expires_at is not None:
        expiry = (payment.session_expires_at - payment.read_at).total_seconds() + AFTER_EXPIRY
        wait = min(wait, expiry) if expiry > 0 else wait
    return max(wait, 1.0)


def _next_status(payment: Payment, stage: Stage) -> str:
    if payment.is_final:
        return payment.status
    if stage is Stage.CLOSED:
        return payment.status if payment.status == CAPTURED else _closed(payment)
    told = STATUS_OF[stage]
    return told if RANKS[told] > RANKS[payment.status] else payment.status


def _closed(payment: Payment) -> str:
    return VOIDED if payment.open_operation("void") else FAILED


def _quarantine(payment: Payment, snapshot: Snapshot) -> str | None:
    if snapshot.stage not in (Stage.AUTHORIZED, Stage.CAPTURED):
        return None
    amount = snapshot.captured if snapshot.stage is Stage.CAPTURED else snapshot.authorized
    told = Money(amount, snapshot.currency)
    if told != payment.due:
        due = payment.due
        return f"the provider says {told.amount} {told.currency}, due are {due.amount} {due.currency}"
    return f"paid after it was {payment.status}" if payment.is_final else None


def _operations(payment: Payment, status: str, captured: int) -> tuple[OperationChange, ...]:
    if status == payment.status:
        return ()
    found = []
    due = payment.due.amount
    if status in (AUTHORIZED, CAPTURED):
        found.append(OperationChange("authorize", create_key(payment.id), due, "succeeded"))
    elif status in (FAILED, VOIDED):
        found.append(OperationChange("authorize", create_key(payment.id), due, "failed", "closed"))
    if status == CAPTURED:
        found.append(OperationChange("capture", capture_key(payment.id), captured, "succeeded"))
    elif status in (FAILED, VOIDED) and (capture := payment.open_operation("capture")):
        found.append(OperationChange("capture", capture.key, capture.amount, "failed", "closed"))
    for void in payment.operations:
        if void.kind != "void" or not void.is_open:
            continue
        if status == VOIDED:
            found.append(OperationChange("void", void.key, void.amount, "succeeded"))
        elif status == CAPTURED or (status == AUTHORIZED and void.only_if_unpaid):
            found.append(OperationChange("void", void.key, void.amount, "failed", "money_won"))
    return tuple(found)


def _declined(payment: Payment, snapshot: Snapshot) -> tuple[OperationChange, ...]:
    decline = snapshot.decline
    if decline is None or payment.operation(f"decline:{decline.ref}"):
        return ()
    return (
        OperationChange(
            "authorize",
            f"decline:{decline.ref}",
            payment.due.amount,
            "failed",
            decline.code,
            decline.message,
        ),
    )


def _postings(payment: Payment, snapshot: Snapshot, status: str, gained: int) -> tuple[Posting, ...]:
    if gained:
        return (ledger.captured(Money(gained, payment.due.currency)),)
    foreign = snapshot.currency != payment.due.currency
    if foreign and snapshot.captured and status == CAPTURED != payment.status:
        return (ledger.captured(Money(snapshot.captured, snapshot.currency)),)
    return ()


def _news(payment: Payment, status: str, authorized: int, captured: int) -> tuple[str, ...]:
    if status != payment.status:
        return (f"payment.{status}",) if status in NEWSWORTHY else ()
    if captured > payment.captured:
        return ("payment.captured",)
    return ("payment.authorized",) if authorized > payment.authorized else ()


def _is_nothing(payment: Payment, move: Move) -> bool:
    return (
        (move.status, move.authorized, move.captured, move.refs, move.redirect_url)
        == (payment.status, payment.authorized, payment.captured, payment.refs, payment.redirect_url)
        and not move.operations
        and not move.postings
        and move.quarantine is None
    )
