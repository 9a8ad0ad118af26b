"""Shuts the door: nothing can be paid afterwards, or the money was quicker."""

from uuid import UUID

from chassis.jobs import backoff_seconds
from payments.attempts import payable_queries, queries
from payments.attempts.asking import speaks_of
from payments.attempts.errors import Contended
from payments.attempts.opening import needs_opening, open_at_provider
from payments.attempts.payment import AUTHORIZED, CAPTURED, VOIDED, Payment, void_key
from payments.attempts.recording import TRIES, record, reread
from payments.desk import Desk
from payments.providers.protocol import Snapshot


async def void(desk: Desk, payment_id: UUID, *, only_if_unpaid: bool, reason: str) -> Payment:
    """The payment: closed, or authorized or captured when the money won, or as it was while the provider is silent.

    The wish is durable before the provider is asked; the loop goes on asking. An id nobody knows is buried, so that
    it can never be paid. `only_if_unpaid`: an authorization is left as it is. People begin no new attempt from now on.
    """
    payment = await queries.payment(desk.db, payment_id)
    if payment is None:
        await payable_queries.bury(desk.db, payment_id, currency=desk.currency)
    else:
        await payable_queries.close_payable(desk.db, payment_id)
    return await void_attempt(desk, payment_id, only_if_unpaid=only_if_unpaid, reason=reason, announce=False)


async def void_attempt(
    desk: Desk, payment_id: UUID, *, only_if_unpaid: bool, reason: str, announce: bool
) -> Payment:
    """As `void` for a payment that exists; others may still be begun."""
    for _ in range(TRIES):
        payment = await queries.payment(desk.db, payment_id)
        if payment is None:
            raise LookupError(f"payment {payment_id} was not buried")
        if _is_settled(payment, only_if_unpaid=only_if_unpaid):
            return payment
        begun = await queries.begin_operation(
            desk.db,
            payment,
            kind="void",
            key=void_key(payment_id, only_if_unpaid=only_if_unpaid),
            only_if_unpaid=only_if_unpaid,
            reason=reason,
            lease=desk.lease_seconds,
        )
        if begun:
            return await close_at_provider(desk, await reread(desk, payment), announce=announce)
    raise Contended


async def close_at_provider(desk: Desk, payment: Payment, *, announce: bool) -> Payment:
    """The void that was begun is settled, or `unknown` and due again.

    A session that we asked for and do not know must be known before it can be closed: asking again with the same
    key gives it, or the definite answer that there is none.
    """
    if needs_opening(payment):
        payment = await open_at_provider(desk, payment, announce=announce)
    if is_closing(payment) and not needs_opening(payment):
        said = await _closed(desk, payment)
        if said is not None:
            payment = await record(desk, payment, said, announce=announce)
    if is_closing(payment):
        again_in = backoff_seconds(payment.attempts + 1)
        await queries.mark_unknown(desk.db, payment.id, "void", again_in=again_in, why="not closed yet")
    return payment


def is_closing(payment: Payment) -> bool:
    """Whether a void was begun and is not settled."""
    return payment.open_operation("void") is not None


async def _closed(desk: Desk, payment: Payment) -> Snapshot | None:
    only_if_unpaid = all(
        each.only_if_unpaid for each in payment.operations if each.kind == "void" and each.is_open
    )
    key = void_key(payment.id, only_if_unpaid=only_if_unpaid)
    said = await desk.providers[payment.provider].close(payment.refs, only_if_unpaid=only_if_unpaid, key=key)
    if not isinstance(said, Snapshot) or not speaks_of(said, payment):
        return None
    return said


def _is_settled(payment: Payment, *, only_if_unpaid: bool) -> bool:
    if payment.status in (CAPTURED, VOIDED) or payment.is_final:
        return True
    return payment.status == AUTHORIZED and only_if_unpaid
