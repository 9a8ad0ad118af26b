"""Takes the money that is authorized."""

from uuid import UUID

from chassis.errors import NotFound
from chassis.jobs import backoff_seconds
from chassis.money import Money
from payments.attempts import queries
from payments.attempts.asking import ask
from payments.attempts.errors import CaptureDeclined, Contended, IdReused, NotAuthorized, Quarantined
from payments.attempts.payment import AUTHORIZED, CAPTURED, Payment, capture_key
from payments.attempts.recording import TRIES, record, reread
from payments.desk import Desk
from payments.providers.protocol import Refused, Unknown


async def capture(desk: Desk, payment_id: UUID, amount: Money) -> Payment:
    """The payment, captured if the provider said so; else as it was, and the loop goes on asking.

    The operation is written before the provider is called. Repeating is safe. Raises NotFound, CaptureDeclined
    (definitely, also for a payment that is closed), NotAuthorized, Quarantined, IdReused for another amount than is due.
    """
    for _ in range(TRIES):
        payment = await queries.payment(desk.db, payment_id)
        if payment is None:
            raise NotFound
        if _is_captured(payment, amount):
            return payment
        begun = await queries.begin_operation(
            desk.db,
            payment,
            kind="capture",
            key=capture_key(payment_id),
            only_if_unpaid=False,
            reason="",
            lease=desk.lease_seconds,
        )
        if begun:
            return await capture_at_provider(desk, await reread(desk, payment), announce=False)
    raise Contended


async def capture_at_provider(desk: Desk, payment: Payment, *, announce: bool) -> Payment:
    """The capture that was begun is settled, or `unknown` and due again. Raises CaptureDeclined.

    A refusal is believed only after the provider has said where the payment stands: it also refuses to capture twice.
    """
    key = capture_key(payment.id)
    said = await desk.providers[payment.provider].capture(payment.refs, payment.due, key=key)
    if not isinstance(said, Refused | Unknown):
        return await record(desk, payment, said, announce=announce)
    now = await ask(desk, payment, announce=announce)
    if now is not None and (now.status == CAPTURED or now.is_final):
        if now.status != CAPTURED:
            raise CaptureDeclined(reason=said.code if isinstance(said, Refused) else None)
        return now
    if now is None or isinstance(said, Unknown):
        why = said.reason if isinstance(said, Unknown) else said.code
        again_in = backoff_seconds(payment.attempts + 1)
        await queries.mark_unknown(desk.db, payment.id, "capture", again_in=again_in, why=why)
        return now or payment
    await queries.fail_operation(desk.db, now, key=key, code=said.code, message=said.message, next_in=3600)
    raise CaptureDeclined(reason=said.code)


def _is_captured(payment: Payment, amount: Money) -> bool:
    """Whether nothing is left to do. Raises what stands against a capture."""
    if amount != payment.due:
        raise IdReused("Captured is what is due, or nothing.")
    if payment.status == CAPTURED:
        return True
    if payment.is_final:
        raise CaptureDeclined(reason=payment.status)
    if payment.quarantined:
        raise Quarantined
    if payment.status != AUTHORIZED:
        raise NotAuthorized
    tried = payment.operation(capture_key(payment.id))
    if tried is not None and tried.status == "failed":
        raise CaptureDeclined(reason=tried.code)
    return False
