"""Gives money back: reserved first, then asked of the provider, settled by what the provider says."""

from uuid import UUID, uuid5

import asyncpg

from chassis.errors import NotFound
from chassis.jobs import backoff_seconds
from chassis.money import Money
from chassis.telemetry import log
from payments.attempts import queries as payments
from payments.attempts.errors import IdReused
from payments.attempts.payment import Payment
from payments.desk import Desk
from payments.news.message import Message
from payments.providers.protocol import RefundSnapshot, Refused, Unknown
from payments.refunds import queries, rules
from payments.refunds.errors import RefundExceedsCaptured
from payments.refunds.refund import PENDING, REFUND_FAILED, Refund


async def refund(desk: Desk, refund_id: UUID, *, payment_id: UUID, amount: Money, reason: str) -> Refund:
    """The refund as the provider sees it; `pending` while it is silent or has not decided, and the loop goes on.

    Repeating is safe. Raises NotFound for an unknown payment, RefundExceedsCaptured, IdReused for other terms.
    """
    found = await queries.refund(desk.db, refund_id)
    if found is None:
        found = await _reserved(desk, refund_id, payment_id=payment_id, amount=amount, reason=reason)
    if (found.payment_id, found.amount, found.reason) != (payment_id, amount, reason):
        raise IdReused
    if found.status == PENDING and found.provider_ref is None:
        return await send(desk, found, announce=False)
    return found


async def send(desk: Desk, refund: Refund, *, announce: bool) -> Refund:
    """The refund after the provider's answer to being asked for it. The same key gives money back once."""
    payment = await _payment(desk, refund.payment_id)
    said = await desk.providers[payment.provider].refund(
        payment.refs, refund.amount, refund_id=refund.id, key=f"ref:{refund.id}"
    )
    if isinstance(said, Refused):
        log.error("refund.refused", refund_id=refund.id, payment_id=payment.id, code=said.code)
        return await _settle(desk, refund, REFUND_FAILED, None, said.code, announce=announce)
    if isinstance(said, Unknown):
        again_in = backoff_seconds(refund.attempts + 1)
        await queries.mark_unknown(desk.db, refund, again_in=again_in, why=said.reason)
        return refund
    return await _apply(desk, refund, said, announce=announce)


async def finish(desk: Desk, refund_id: UUID) -> None:
    """A refund that is due is asked about, and asked for again if the provider does not know it."""
    found = await queries.refund(desk.db, refund_id)
    if found is None or found.status != PENDING:
        return
    payment = await _payment(desk, found.payment_id)
    if not await sync_refunds(desk, payment, announce=True):
        await queries.mark_unknown(
            desk.db, found, again_in=backoff_seconds(found.attempts), why="not answering"
        )
        return
    now = await queries.refund(desk.db, refund_id)
    if now is not None and now.status == PENDING and now.provider_ref is None:
        await send(desk, now, announce=True)


async def sync_refunds(desk: Desk, payment: Payment, *, announce: bool) -> bool:
    """Every refund the provider knows of this payment is recorded; False when the provider gave no answer."""
    listed = await desk.providers[payment.provider].refunds(payment.refs)
    if isinstance(listed, Unknown):
        return False
    ours = await queries.refunds_of(desk.db, payment.id)
    by_id = {each.id: each for each in ours}
    by_ref = {each.provider_ref: each for each in ours if each.provider_ref}
    for said in listed:
        known = by_ref.get(said.ref) or (by_id.get(said.refund_id) if said.refund_id else None)
        if known is None:
            known = await _adopted(desk, payment, said)
        if known is not None:
            await _apply(desk, known, said, announce=announce)
    return True


async def _reserved(desk: Desk, refund_id: UUID, *, payment_id: UUID, amount: Money, reason: str) -> Refund:
    try:
        reserved = await queries.reserve(
            desk.db, refund_id, payment_id=payment_id, amount=amount, reason=reason, lease=desk.lease_seconds
        )
    except asyncpg.UniqueViolationError:
        reserved = True
    if not reserved:
        payment = await payments.payment(desk.db, payment_id)
        if payment is None or payment.order_id is None:
            raise NotFound
        left = payment.captured - payment.refund_reserved if amount.currency == payment.due.currency else 0
        raise RefundExceedsCaptured(refundable={"amount": left, "currency": payment.due.currency})
    found = await queries.refund(desk.db, refund_id)
    if found is None:
        raise LookupError(f"refund {refund_id} has disappeared")
    return found


async def _adopted(desk: Desk, payment: Payment, said: RefundSnapshot) -> Refund | None:
    """A refund that somebody made at the provider is ours too from now on, as far as the books can hold it."""
    log.error("refund.foreign", payment_id=payment.id, provider_ref=said.ref, amount=said.amount.amount)
    if said.status == REFUND_FAILED:
        return None
    refund_id = uuid5(payment.id, said.ref)
    try:
        held = await queries.reserve(
            desk.db,
            refund_id,
            payment_id=payment.id,
            amount=said.amount,
            reason="made at the provider",
            lease=desk.lease_seconds,
            seen_as=said.ref,
        )
    except asyncpg.UniqueViolationError:
        held = True
    if not held:
        await payments.quarantine(desk.db, payment.id, reason=f"refund {said.ref} exceeds what was captured")
    return await queries.refund(desk.db, refund_id)


async def _apply(desk: Desk, refund: Refund, said: RefundSnapshot, *, announce: bool) -> Refund:
    if said.status != PENDING:
        return await _settle(desk, refund, said.status, said.ref, said.failure, announce=announce)
    if refund.status == PENDING:
        next_in = rules.seconds_to_next_poll(refund, PENDING)
        await queries.note_under_way(desk.db, refund, said.ref, next_in=next_in)
    return await _read(desk, refund)


async def _settle(
    desk: Desk, refund: Refund, status: str, ref: str | None, failure: str | None, *, announce: bool
) -> Refund:
    """The refund in its new status; unchanged when that is not news, or somebody else was quicker."""
    effect = rules.effect(refund, status)
    if effect is None:
        return refund
    message = (
        Message.new(effect.news, order_id=refund.order_id, payment_id=refund.payment_id) if announce else None
    )
    settled = await queries.settle(
        desk.db, refund, status, effect, provider_ref=ref, failure=failure, message=message
    )
    if settled:
        log.info(effect.news, refund_id=refund.id, payment_id=refund.payment_id)
        desk.tell_orders([message] if message else [])
    return await _read(desk, refund)


async def _read(desk: Desk, refund: Refund) -> Refund:
    return await queries.refund(desk.db, refund.id) or refund


async def _payment(desk: Desk, payment_id: UUID) -> Payment:
    payment = await payments.payment(desk.db, payment_id)
    if payment is None:
        raise LookupError(f"payment {payment_id} has disappeared")
    return payment
