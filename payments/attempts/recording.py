"""Writes what a provider said. Every way by which we hear of a payment ends here."""

from chassis.telemetry import log
from payments.attempts import queries
from payments.attempts.errors import Contended
from payments.attempts.payment import Payment
from payments.attempts.rules import Move, after, decide, decide_refused, seconds_to_next_poll
from payments.desk import Desk
from payments.news.message import Message
from payments.providers.protocol import Refused, Snapshot
from payments.webhooks import inbox_queries as inbox
from payments.webhooks.inbox_queries import Receipt

TRIES = 8


async def record(
    desk: Desk, payment: Payment, said: Snapshot | Refused, *, announce: bool, receipt: Receipt | None = None
) -> Payment:
    """The payment after the provider's answer, which is durable now, with the receipt of the event that led to it.

    `announce`: orders does not wait for this answer and must be told. Repeating changes nothing; whoever else
    records at the same time, the facts end up the same. Raises Contended when that happens again and again.
    """
    for _ in range(TRIES):
        move = decide(payment, said) if isinstance(said, Snapshot) else decide_refused(payment, said)
        if move is None:
            if receipt is not None:
                await inbox.keep_settled(desk.db, receipt, payment.id)
            return payment
        news = _messages(payment, move) if announce else []
        next_in = seconds_to_next_poll(payment, move.status)
        if _still_to_do(payment, move):
            next_in = desk.lease_seconds
        if await queries.record(desk.db, payment, move, next_in=next_in, news=news, receipt=receipt):
            _say(payment, move)
            desk.tell_orders(news)
            return after(payment, move)
        payment = await reread(desk, payment)
    raise Contended


async def reread(desk: Desk, payment: Payment) -> Payment:
    """The payment as it stands now."""
    now = await queries.payment(desk.db, payment.id)
    if now is None:
        raise LookupError(f"payment {payment.id} has disappeared")
    return now


def _messages(payment: Payment, move: Move) -> list[Message]:
    if payment.order_id is None:
        return []
    return [Message.new(kind, order_id=payment.order_id, payment_id=payment.id) for kind in move.news]


def _still_to_do(payment: Payment, move: Move) -> bool:
    """Whether something asked of us is open after the move: a void or capture that this answer did not settle."""
    settled = {change.key for change in move.operations}
    return any(
        each.is_open and each.kind in ("void", "capture") and each.key not in settled
        for each in payment.operations
    )


def _say(payment: Payment, move: Move) -> None:
    if move.status != payment.status:
        log.info(
            f"payment.{move.status}", payment_id=payment.id, order_id=payment.order_id, was=payment.status
        )
    if move.quarantine is not None:
        log.error(
            "payment.quarantined", payment_id=payment.id, order_id=payment.order_id, reason=move.quarantine
        )
