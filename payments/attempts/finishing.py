"""Finishes what somebody began and could not: the work of the loop on one due payment."""

from uuid import UUID

from chassis.jobs import backoff_seconds
from chassis.telemetry import log
from payments.attempts import queries
from payments.attempts.asking import ask
from payments.attempts.capturing import capture_at_provider
from payments.attempts.closing import close_at_provider, is_closing
from payments.attempts.errors import CaptureDeclined
from payments.attempts.opening import needs_opening, open_at_provider
from payments.attempts.payment import AUTHORIZED, CAPTURED, Payment
from payments.attempts.rules import seconds_to_next_poll
from payments.desk import Desk
from payments.refunds.service import sync_refunds
from payments.webhooks import inbox_queries as inbox

STUCK_AFTER = 12
"""Tries in a row after which a payment is called stuck in the log; it is tried on, once a minute."""


async def finish(desk: Desk, lease: tuple[UUID, UUID, int]) -> None:
    """One step nearer to the end: closed, captured, opened or asked about, whichever is still to do.

    A step that fails leaves the payment due again later. Orders is told what comes out of it.
    """
    payment_id, lease_token, attempts = lease
    payment = await queries.payment(desk.db, payment_id)
    if payment is None:
        return
    if attempts >= STUCK_AFTER:
        log.error("payment.stuck", payment_id=payment_id, status=payment.status, attempts=attempts)
    if is_closing(payment):
        await close_at_provider(desk, payment, announce=True)
    elif payment.open_operation("capture") and payment.status == AUTHORIZED:
        try:
            await capture_at_provider(desk, payment, announce=True)
        except CaptureDeclined as declined:
            log.error("payment.capture_declined", payment_id=payment_id, reason=declined.extra.get("reason"))
    elif needs_opening(payment):
        await open_at_provider(desk, payment, announce=True)
    else:
        await _ask(desk, payment, lease_token, attempts)


async def _ask(desk: Desk, payment: Payment, lease_token: UUID, attempts: int) -> None:
    now = await ask(desk, payment, announce=True)
    answered = now is not None
    if answered and payment.status == CAPTURED:
        answered = await sync_refunds(desk, payment, announce=True)
    if now is None or not answered:
        next_in: float | None = backoff_seconds(attempts)
    else:
        await inbox.settle(desk.db, payment.id)
        next_in = seconds_to_next_poll(payment, now.status)
    await queries.put_off(desk.db, payment.id, lease_token=lease_token, next_in=next_in, settled=answered)
