"""A further attempt, begun by the shopper: when the last one is dead and the order is still owed its money."""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid5

import orjson

from chassis import idempotency
from chassis.database import Connection
from chassis.errors import FieldError, NotFound
from chassis.idempotency import Keyed
from payments.attempts import payable_queries, queries
from payments.attempts.errors import ForeignReturnUrl, NothingOwed, TooManyAttempts, UnknownMethod
from payments.attempts.opening import PROVIDER_OF, new_payment, open_at_provider
from payments.attempts.payable import Payable, Viewer, Wish
from payments.attempts.payment import Payment
from payments.desk import Desk
from payments.news.message import Message

MOST_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the shopper got: `is_new`, or the one that was open; `is_replay`: the answer to a repeated request."""

    payment: Payment
    is_new: bool
    is_replay: bool = False


async def pay_again(
    desk: Desk, order_id: UUID, method: str, return_url: str | None, *, viewer: Viewer, key: Keyed | None
) -> Attempt:
    """The order's live attempt, or a new one that orders has been told of.

    Raises NotFound (no such order, or not the viewer's), UnknownMethod, NothingOwed, TooManyAttempts, ProviderRefused,
    and what `idempotency.claim` raises.
    """
    if method not in PROVIDER_OF:
        raise UnknownMethod(errors=[FieldError("/method", "unknown_payment_method", "must be card")])
    async with desk.db.transaction() as connection:
        recorded = await idempotency.claim(connection, key)
        if recorded is not None:
            payment_id = UUID(orjson.loads(recorded.body)["id"])
            attempt, message = None, None
        else:
            payable = await payable_queries.payable_to_pay(connection, order_id, viewer)
            if payable is None:
                raise NotFound
            attempt, message = await _begun(desk, connection, payable, method, return_url)
            body = orjson.dumps({"id": str(attempt.payment.id)})
            await idempotency.record(connection, key, status=201 if attempt.is_new else 200, body=body)
    if attempt is None:
        payment = await queries.payment(desk.db, payment_id)
        if payment is None:
            raise NotFound
        return Attempt(payment, is_new=True, is_replay=True)
    if message is not None:
        desk.tell_orders([message])
        opened = await desk.patiently(open_at_provider(desk, attempt.payment, announce=False))
        return Attempt(opened or attempt.payment, is_new=True)
    return attempt


async def _begun(
    desk: Desk, connection: Connection, payable: Payable, method: str, return_url: str | None
) -> tuple[Attempt, Message | None]:
    """The live attempt, or a new one with the news of it, in the caller's transaction."""
    earlier = await queries.payments_of(connection, payable.order_id)
    live = next((each for each in earlier if each.is_live), None)
    if live is not None:
        return Attempt(live, is_new=False), None
    if payable.is_closed or not earlier or any(each.captured for each in earlier):
        raise NothingOwed
    payment_id = await _next_id(connection, payable.order_id)
    last = earlier[-1]
    back = return_url or last.success_url
    wish = Wish(method, back, with_canceled(back), last.session_seconds, last.locale)
    begun = await payable_queries.begin(
        connection, payment_id, payable, wish, provider=PROVIDER_OF[method], lease=desk.lease_seconds
    )
    if begun is None:
        raise LookupError(f"order {payable.order_id} got another attempt while it was locked")
    message = Message.new("payment.created", order_id=payable.order_id, payment_id=payment_id)
    await payable_queries.write_news(connection, message)
    return Attempt(new_payment(payment_id, payable, wish, *begun), is_new=True), message


async def _next_id(connection: Connection, order_id: UUID) -> UUID:
    """The id after the last that was used, as orders would derive it. Raises TooManyAttempts."""
    candidates = [uuid5(order_id, str(number)) for number in range(1, MOST_ATTEMPTS + 1)]
    used = await payable_queries.taken(connection, candidates)
    number = 1 + max((index for index, each in enumerate(candidates, 1) if each in used), default=0)
    if number > MOST_ATTEMPTS:
        raise TooManyAttempts
    return candidates[number - 1]


def refuse_foreign(return_url: str | None, origins: frozenset[str]) -> None:
    """Nothing happens for an address of this shop. Raises ForeignReturnUrl."""
    if return_url is None:
        return
    if _origin(return_url) not in origins:
        raise ForeignReturnUrl(
            errors=[FieldError("/return_url", "foreign_return_url", "must be on this shop's origin")]
        )


def _origin(address: str) -> str:
    """Scheme, host and port; empty for what only looks like an address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def with_canceled(return_url: str) -> str:
    """The same address with `canceled=1` added to its query."""
    parts = urlsplit(return_url)
    query = f"{parts.query}&canceled=1" if parts.query else "canceled=1"
    return urlunsplit(parts._replace(query=query))
