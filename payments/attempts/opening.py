"""Opens attempts: the row before the provider's session, the session before its address leaves us."""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from chassis.jobs import backoff_seconds
from payments.attempts import payable_queries, queries
from payments.attempts.errors import IdReused, PaymentInProgress, PaymentVoided, ProviderRefused
from payments.attempts.payable import Payable, Wish
from payments.attempts.payment import CREATED, FAILED, VOIDED, Operation, Payment, create_key
from payments.attempts.recording import record, reread
from payments.desk import Desk
from payments.providers.protocol import Opening, Refs, Refused, Snapshot, Unknown

PROVIDER_OF = {"card": "stripe"}
"""Which provider takes which method."""
KEY_LIVES = 23 * 3600
"""Seconds within which repeating a call with its key is the same call: Stripe keeps keys for a day at least."""
LATE_SECONDS = 30
"""So long after a session was to begin, the provider may find too little of it left and refuse it for that."""
RENEWED_FOR = 3600
"""Seconds for which such a session is asked for anew."""


async def open_attempt(desk: Desk, payment_id: UUID, payable: Payable, wish: Wish) -> Payment:
    """The attempt with this id, at the provider if that answered; else `created`, and the loop goes on asking.

    Repeating is safe. Raises IdReused for other terms, PaymentInProgress when the order has another live payment,
    PaymentVoided for a tombstone or a voided payment, ProviderRefused when it can never be paid.
    """
    try:
        begun = await payable_queries.begin(
            desk.db, payment_id, payable, wish, provider=PROVIDER_OF[wish.method], lease=desk.lease_seconds
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise IdReused("The order is owed something else.") from error
    if begun is not None:
        payment = new_payment(payment_id, payable, wish, *begun)
    else:
        payment = await _existing(desk, payment_id, payable, wish)
    if needs_opening(payment):
        payment = await open_at_provider(desk, payment, announce=False)
    refuse_dead(payment)
    return payment


def needs_opening(payment: Payment) -> bool:
    """Whether the provider has not yet told us of its session."""
    return payment.status == CREATED and payment.refs == Refs()


async def open_at_provider(desk: Desk, payment: Payment, *, announce: bool) -> Payment:
    """The payment with the provider's answer, or as it was with its operation `unknown` and due again.

    The same key opens nothing twice. A session that is refused because we come late is asked for anew. When the key
    is too old, the provider is searched for our id instead, and a payment it does not know can never be paid: its
    session would have ended long ago.
    """
    said = await _asked_to_open(desk, payment)
    if isinstance(said, Refused) and came_late(payment):
        if await payable_queries.renew_session(desk.db, payment):
            payment = await reread(desk, payment)
            said = await _asked_to_open(desk, payment)
        else:
            said = Unknown("changed meanwhile")
    if isinstance(said, Unknown):
        again_in = backoff_seconds(payment.attempts + 1)
        await queries.mark_unknown(desk.db, payment.id, "authorize", again_in=again_in, why=said.reason)
        return payment
    return await record(desk, payment, said, announce=announce)


async def _asked_to_open(desk: Desk, payment: Payment) -> Snapshot | Refused | Unknown:
    provider = desk.providers[payment.provider]
    age = (payment.read_at - payment.created_at).total_seconds()
    return await (provider.open(_opening(payment)) if age < KEY_LIVES else provider.find(payment.id))


def came_late(payment: Payment) -> bool:
    """Whether a refusal may only mean that the session would be too short by now.

    Then there is none under the old key: who had opened it before would be answered that it is open.
    """
    if payment.session_expires_at is None or payment.open_operation("void"):
        return False
    age = (payment.read_at - payment.created_at).total_seconds()
    left = (payment.session_expires_at - payment.read_at).total_seconds()
    return age < RENEWED_FOR and left < payment.session_seconds - LATE_SECONDS


def refuse_dead(payment: Payment) -> None:
    """Nothing happens for a live payment. Raises PaymentVoided or ProviderRefused."""
    if payment.status == VOIDED:
        raise PaymentVoided
    if payment.status == FAILED:
        operation = payment.operation(create_key(payment.id))
        raise ProviderRefused(reason=operation.code if operation else None)


def new_payment(
    payment_id: UUID, payable: Payable, wish: Wish, created_at: datetime, expires_at: datetime
) -> Payment:
    """The payment that was just begun, as a read would find it."""
    key = create_key(payment_id)
    amount = payable.due.amount
    return Payment(
        id=payment_id,
        order_id=payable.order_id,
        order_number=payable.order_number,
        email=payable.email,
        provider=PROVIDER_OF[wish.method],
        method=wish.method,
        status=CREATED,
        due=payable.due,
        authorized=0,
        captured=0,
        refund_reserved=0,
        refunded=0,
        refs=Refs(),
        redirect_url=None,
        session_expires_at=expires_at,
        session_seconds=wish.session_seconds,
        success_url=wish.success_url,
        cancel_url=wish.cancel_url,
        locale=wish.locale,
        quarantined=False,
        quarantine_reason=None,
        version=0,
        attempts=0,
        created_at=created_at,
        read_at=created_at,
        operations=(
            Operation(
                "authorize",
                key,
                "pending",
                amount,
                only_if_unpaid=False,
                code=None,
                message=None,
                created_at=created_at,
            ),
        ),
    )


async def _existing(desk: Desk, payment_id: UUID, payable: Payable, wish: Wish) -> Payment:
    payment = await queries.payment(desk.db, payment_id)
    if payment is None:
        raise PaymentInProgress
    if payment.order_id is None:
        raise PaymentVoided
    known = await payable_queries.payable(desk.db, payment.order_id)
    if known is None or not known.has_terms_of(payable) or payment.method != wish.method:
        raise IdReused
    return payment


def _opening(payment: Payment) -> Opening:
    if payment.order_id is None or payment.session_expires_at is None:
        raise ValueError(f"payment {payment.id} is a tombstone, it cannot be opened")
    return Opening(
        payment_id=payment.id,
        order_id=payment.order_id,
        order_number=payment.order_number,
        amount=payment.due,
        email=payment.email,
        success_url=payment.success_url,
        cancel_url=payment.cancel_url,
        expires_at=payment.session_expires_at,
        locale=payment.locale,
        key=_key_of_session(payment, payment.session_expires_at),
    )


def _key_of_session(payment: Payment, expires_at: datetime) -> str:
    """The provider's key of this very session: one that was renewed is another."""
    first_end = payment.created_at + timedelta(seconds=payment.session_seconds)
    key = create_key(payment.id)
    return key if expires_at == first_end else f"{key}:{int(expires_at.timestamp())}"
