"""Takes a provider's event: verified, asked about at once, kept in the commit of what it told."""

from uuid import UUID

from chassis.errors import NotFound
from chassis.telemetry import log
from payments.attempts import queries
from payments.attempts.asking import ask
from payments.attempts.payment import FAILED, RANKS, VOIDED, Payment
from payments.attempts.rules import STATUS_OF
from payments.desk import Desk
from payments.providers.protocol import BadSignature, ProviderEvent, Stage
from payments.refunds.service import sync_refunds
from payments.webhooks import inbox_queries as inbox
from payments.webhooks.errors import InvalidSignature
from payments.webhooks.inbox_queries import Receipt

ANSWER_SECONDS = 0.4
"""How long the provider may take to confirm its own event before we only keep it and ask later."""


async def receive(desk: Desk, provider_name: str, body: bytes, signature: str) -> None:
    """The event is durable, with what it told or with its payment due to be asked about. Repeating changes nothing.

    Raises InvalidSignature, or NotFound for a provider we do not have.
    """
    provider = desk.providers.get(provider_name)
    if provider is None:
        raise NotFound
    try:
        event = provider.event(body, signature)
    except BadSignature as error:
        raise InvalidSignature from error
    receipt = Receipt.of(provider_name, event)
    if await inbox.is_settled(desk.db, receipt):
        return
    payment = await _payment(desk, event)
    if payment is None or payment.order_id is None:
        say = log.error if event.payment_id else log.info
        say("webhook.unknown_payment", provider=provider_name, event_id=event.id, type=event.type)
        await inbox.keep_settled(desk.db, receipt, None)
    elif event.about_refunds:
        await _take_refund_event(desk, payment, receipt)
    elif tells_nothing(payment, event.stage):
        await inbox.keep_settled(desk.db, receipt, payment.id)
    else:
        asked = await ask(
            desk, payment, announce=True, hint=event.refs, receipt=receipt, deadline=ANSWER_SECONDS
        )
        if asked is None:
            await inbox.keep_unsettled(desk.db, receipt, payment.id)


def tells_nothing(payment: Payment, stage: Stage | None) -> bool:
    """Whether the payment is already at least where the event claims it is, so that nobody need be asked."""
    if stage is None:
        return False
    if stage is Stage.CLOSED:
        return payment.status in (FAILED, VOIDED)
    return not payment.is_final and RANKS[payment.status] >= RANKS[STATUS_OF[stage]]


async def _take_refund_event(desk: Desk, payment: Payment, receipt: Receipt) -> None:
    if await sync_refunds(desk, payment, announce=True):
        await inbox.keep_settled(desk.db, receipt, payment.id)
    else:
        await inbox.keep_unsettled(desk.db, receipt, payment.id)


async def _payment(desk: Desk, event: ProviderEvent) -> Payment | None:
    """The payment an event speaks of: by our id that it carries, else by the provider's names."""
    if event.payment_id is not None:
        try:
            return await queries.payment(desk.db, UUID(event.payment_id))
        except ValueError:
            return None
    return await queries.payment_named(desk.db, event.refs)
