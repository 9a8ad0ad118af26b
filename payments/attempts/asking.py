"""Asks the provider where a payment stands, for whoever wants to know: webhook, return, poller, orders."""

from uuid import UUID

from chassis.errors import NotFound
from chassis.telemetry import log
from payments.attempts import queries
from payments.attempts.opening import needs_opening, open_at_provider
from payments.attempts.payment import Payment
from payments.attempts.recording import record
from payments.desk import Desk
from payments.providers.protocol import Refs, Refused, Snapshot, Unknown
from payments.webhooks.inbox_queries import Receipt


async def sync(desk: Desk, payment_id: UUID, *, announce: bool) -> Payment | None:
    """The payment as the provider sees it now; None when the provider gave no answer. Raises NotFound."""
    payment = await queries.payment(desk.db, payment_id)
    if payment is None:
        raise NotFound
    if payment.order_id is None:
        return payment
    if needs_opening(payment):
        payment = await open_at_provider(desk, payment, announce=announce)
        return None if needs_opening(payment) else payment
    return await ask(desk, payment, announce=announce)


async def ask(
    desk: Desk,
    payment: Payment,
    *,
    announce: bool,
    hint: Refs | None = None,
    receipt: Receipt | None = None,
    deadline: float | None = None,
) -> Payment | None:
    """As `sync`, for a payment that was read already. `hint`: where to look when we know no refs yet.

    An answer that speaks of another payment than ours is no answer.
    """
    refs = payment.refs if payment.refs != Refs() else hint or Refs()
    said = await desk.providers[payment.provider].read(refs, deadline=deadline)
    if isinstance(said, Unknown):
        return None
    if isinstance(said, Refused):
        log.error("provider.lost_payment", payment_id=payment.id, provider=payment.provider, code=said.code)
        return None
    if not speaks_of(said, payment):
        log.error("provider.other_payment", payment_id=payment.id, provider=payment.provider)
        return None
    return await record(desk, payment, said, announce=announce, receipt=receipt)


def speaks_of(snapshot: Snapshot, payment: Payment) -> bool:
    """Whether the provider's object is this payment's, as far as it says."""
    return snapshot.payment_id is None or snapshot.payment_id == str(payment.id)
