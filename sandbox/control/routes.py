"""`/sandbox/…`. The API key opens these doors too."""

import hmac
from typing import Annotated, Literal

from fastapi import Depends, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from chassis.errors import Conflict, NotFound, Unauthenticated
from chassis.openapi import responses
from chassis.routing import Router
from sandbox.control.ledger import ledger
from sandbox.control.schemas import AdvanceClock, ClockOut, DeliveriesOut, DeliveryOut, LedgerOut, SetClock
from sandbox.events.deliveries import Deliverer, deliveries, redeliver
from sandbox.provider import Provider
from sandbox.sweeper import sweep

KEY = HTTPBearer(auto_error=False, description="The sandbox's API key, `sk_test_…`")


class NoWebhook(Conflict):
    """No webhook address is set, so that nothing can be sent."""

    code = "no_webhook"
    title = "No webhook address is set"


async def _provider(
    request: Request, key: Annotated[HTTPAuthorizationCredentials | None, Depends(KEY)]
) -> Provider:
    provider: Provider = request.app.state.provider
    expected = provider.settings.api_key.get_secret_value()
    if key is None or not hmac.compare_digest(key.credentials.encode(), expected.encode()):
        raise Unauthenticated("Send the sandbox's API key as a bearer token.")
    return provider


async def _deliverer(request: Request) -> Deliverer | None:
    deliverer: Deliverer | None = request.app.state.deliverer
    return deliverer


Allowed = Annotated[Provider, Depends(_provider)]
Sender = Annotated[Deliverer | None, Depends(_deliverer)]
router = Router(prefix="/sandbox", tags=["control"], responses=responses(Unauthenticated))


@router.get("/clock", summary="Read the clock")
async def read_clock(provider: Allowed) -> ClockOut:
    """The provider's clock, by which sessions and authorizations end."""
    return _clock(provider)


@router.put("/clock", summary="Set the clock")
async def set_clock(provider: Allowed, sender: Sender, wanted: SetClock) -> ClockOut:
    """Puts the clock this far ahead of (or behind) the machine's. What has ended stays ended."""
    return _moved(provider, sender, wanted.offset_seconds)


@router.post("/clock/advance", summary="Move the clock forward")
async def advance_clock(provider: Allowed, sender: Sender, wanted: AdvanceClock) -> ClockOut:
    """Moves the clock forward; everything that ends by it has ended when this answers."""
    return _moved(provider, sender, provider.clock.offset_seconds + wanted.seconds)


@router.get("/deliveries", summary="List webhook deliveries")
async def list_deliveries(
    provider: Allowed,
    state: Annotated[Literal["pending", "delivered", "given_up"] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> DeliveriesOut:
    """Where the sending of each event stands, newest first."""
    found = deliveries(provider.store, state=state, limit=limit)
    return DeliveriesOut(items=[DeliveryOut.model_validate(item) for item in found])


@router.post(
    "/events/{event_id}/redeliver",
    status_code=202,
    summary="Send an event again",
    responses=responses(NotFound, NoWebhook),
)
async def send_again(
    provider: Allowed, sender: Sender, event_id: Annotated[str, Path(max_length=100)]
) -> DeliveryOut:
    """The event is sent again at once, with the same id, whether it was taken before or not."""
    if sender is None:
        raise NoWebhook
    found = redeliver(provider.store, event_id, now=provider.clock.precise())
    if found is None:
        raise NotFound
    sender.wake()
    return DeliveryOut.model_validate(found)


@router.get("/ledger", summary="Read everything the provider holds")
async def read_ledger(provider: Allowed) -> LedgerOut:
    """All sessions, intents and refunds at one moment, to be joined with the shop's own books by their metadata."""
    with provider.transaction() as transaction:
        return ledger(transaction)


def _moved(provider: Provider, sender: Deliverer | None, offset_seconds: int) -> ClockOut:
    provider.set_clock(offset_seconds)
    sweep(provider)
    if sender is not None:
        sender.wake()
    return _clock(provider)


def _clock(provider: Provider) -> ClockOut:
    return ClockOut(now=provider.clock.now(), offset_seconds=provider.clock.offset_seconds)
