"""Stripe, by its own SDK: Checkout Sessions with manual capture. In development its address is the sandbox.

The SDK retries nothing (`max_network_retries=0`): our loop does, with the same keys. A timeout, a broken
connection, 429, 401, 409 and 5xx are `Unknown`; Stripe replays a stored 500 for the same key, so only asking
for the object itself settles those (docs.stripe.com/error-low-level).
"""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import aiohttp
import stripe
from pydantic import BaseModel, SecretStr, ValidationError
from stripe.params.checkout import SessionCreateParams

from chassis.database import refuse_network_call
from chassis.money import Money
from chassis.telemetry import log
from payments.providers.protocol import (
    BadSignature,
    Opening,
    ProviderEvent,
    Refs,
    RefundSnapshot,
    Refused,
    Snapshot,
    Stage,
    Unknown,
)
from payments.providers.stripe_wire import (
    PAYMENT_ID,
    REFUND_ID,
    Intent,
    Listed,
    RefundWire,
    Session,
    event,
    intent_snapshot,
    refund_snapshot,
    session_snapshot,
)

CONNECT_SECONDS = 1.0
CALL_SECONDS = 10.0
SIGNATURE_SECONDS = 300
"""A webhook may be this old, or from this far in the future (two clocks)."""
WITH_INTENT = ["payment_intent"]

Wire = TypeVar("Wire", bound=BaseModel)


class StripeProvider:
    """The provider `stripe`. Made inside the running event loop; closed with `aclose`."""

    name = "stripe"

    def __init__(self, *, api_key: str, api_base: str, webhook_secrets: Sequence[SecretStr]) -> None:
        trust = ssl.create_default_context(cafile=stripe.ca_bundle_path)
        self._http = stripe.AIOHTTPClient(
            timeout=aiohttp.ClientTimeout(total=CALL_SECONDS, sock_connect=CONNECT_SECONDS),
            connector=aiohttp.TCPConnector(limit=100, keepalive_timeout=60, ssl=trust),
        )
        client = stripe.StripeClient(
            api_key,
            base_addresses={"api": api_base.rstrip("/")},
            http_client=self._http,
            max_network_retries=0,
        )
        self._sessions = client.v1.checkout.sessions
        self._intents = client.v1.payment_intents
        self._refunds = client.v1.refunds
        self._secrets = [secret.get_secret_value() for secret in webhook_secrets]

    async def aclose(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]  # the SDK does not annotate it

    async def open(self, opening: Opening) -> Snapshot | Refused | Unknown:
        call = self._sessions.create_async(_session(opening), {"idempotency_key": opening.key})
        answer = await _answer(call, Session)
        return session_snapshot(answer) if isinstance(answer, Session) else answer

    async def read(self, refs: Refs, *, deadline: float | None = None) -> Snapshot | Refused | Unknown:
        if refs.page is not None:
            reading = self._sessions.retrieve_async(refs.page, {"expand": WITH_INTENT})
            session = await _answer(reading, Session, deadline=deadline)
            return session_snapshot(session) if isinstance(session, Session) else session
        if refs.payment is None:
            return Refused("nothing_to_read", "Neither a session nor an intent is known.")
        intent = await _answer(self._intents.retrieve_async(refs.payment), Intent, deadline=deadline)
        return intent_snapshot(intent) if isinstance(intent, Intent) else intent

    async def find(self, payment_id: UUID) -> Snapshot | Refused | Unknown:
        query = f"metadata['{PAYMENT_ID}']:'{payment_id}'"
        found = await _answer(self._intents.search_async({"query": query, "limit": 1}), _Intents)
        if not isinstance(found, _Intents):
            return found
        if not found.data:
            return Refused("not_found", "No payment carries this id.")
        return intent_snapshot(found.data[0])

    async def capture(self, refs: Refs, amount: Money, *, key: str) -> Snapshot | Refused | Unknown:
        if refs.payment is None:
            return Refused("nothing_to_capture", "The shopper has not paid.")
        call = self._intents.capture_async(
            refs.payment, {"amount_to_capture": amount.amount}, {"idempotency_key": key}
        )
        intent = await _answer(call, Intent)
        return intent_snapshot(intent, refs.page) if isinstance(intent, Intent) else intent

    async def close(self, refs: Refs, *, only_if_unpaid: bool, key: str) -> Snapshot | Refused | Unknown:
        before = await self.read(refs)
        if not isinstance(before, Snapshot):
            return before
        if before.stage is Stage.OPEN and refs.page is not None:
            expiring = self._sessions.expire_async(
                refs.page, {"expand": WITH_INTENT}, {"idempotency_key": f"{key}:expire"}
            )
            if isinstance(lost := await _answer(expiring, Session), Unknown):
                return lost
        elif before.refs.payment is not None and _may_cancel(before.stage, only_if_unpaid=only_if_unpaid):
            canceling = self._intents.cancel_async(
                before.refs.payment,
                {"cancellation_reason": "requested_by_customer"},
                {"idempotency_key": f"{key}:cancel"},
            )
            if isinstance(lost_too := await _answer(canceling, Intent), Unknown):
                return lost_too
        else:
            return before
        return await self.read(refs)

    async def refund(
        self, refs: Refs, amount: Money, *, refund_id: UUID, key: str
    ) -> RefundSnapshot | Refused | Unknown:
        if refs.payment is None:
            return Refused("nothing_to_refund", "The shopper has not paid.")
        call = self._refunds.create_async(
            {
                "payment_intent": refs.payment,
                "amount": amount.amount,
                "metadata": {REFUND_ID: str(refund_id)},
            },
            {"idempotency_key": key},
        )
        answer = await _answer(call, RefundWire)
        return refund_snapshot(answer) if isinstance(answer, RefundWire) else answer

    async def refunds(self, refs: Refs) -> Sequence[RefundSnapshot] | Unknown:
        if refs.payment is None:
            return ()
        answer = await _answer(
            self._refunds.list_async({"payment_intent": refs.payment, "limit": 100}), Listed
        )
        if isinstance(answer, Listed):
            return [refund_snapshot(refund) for refund in answer.data]
        return answer if isinstance(answer, Unknown) else Unknown(answer.code)

    def event(self, body: bytes, signature: str) -> ProviderEvent:
        if not any(_is_signed(body, signature, secret) for secret in self._secrets):
            raise BadSignature
        try:
            return event(body)
        except ValidationError as error:
            log.error("webhook.unreadable", provider=self.name, errors=error.error_count())
            raise BadSignature from error


class _Intents(BaseModel):
    data: list[Intent]


TITLES = {"en": "Order {}", "ru": "Заказ {}"}
"""What the shopper reads on the provider's page and on the receipt."""


def _may_cancel(stage: Stage, *, only_if_unpaid: bool) -> bool:
    return stage is Stage.OPEN or (stage is Stage.AUTHORIZED and not only_if_unpaid)


def _session(opening: Opening) -> SessionCreateParams:
    ids = {"order_id": str(opening.order_id), PAYMENT_ID: str(opening.payment_id)}
    locale = "ru" if opening.locale == "ru" else "en"
    title = TITLES[locale].format(opening.order_number)
    return {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": opening.amount.currency.lower(),
                    "unit_amount": opening.amount.amount,
                    "product_data": {"name": title},
                },
            }
        ],
        "payment_intent_data": {"capture_method": "manual", "metadata": ids, "description": title},
        "metadata": ids,
        "client_reference_id": str(opening.order_id),
        "customer_email": opening.email,
        "success_url": opening.success_url,
        "cancel_url": opening.cancel_url,
        "expires_at": int(opening.expires_at.timestamp()),
        "locale": locale,
    }


async def _answer(
    call: Awaitable[Any], into: type[Wire], *, deadline: float | None = None
) -> Wire | Refused | Unknown:
    """The call's answer as a model. Whatever goes wrong is an answer too, never an exception."""
    refuse_network_call("stripe")
    try:
        async with asyncio.timeout(deadline):
            answer = await call
        return into.model_validate(answer.last_response.data)
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        code = getattr(error.error, "decline_code", None) or error.code or "invalid_request"
        return Refused(str(code), error.user_message or "")
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        log.error("provider.locked_out", provider="stripe", status=error.http_status)
        return Unknown("not allowed")
    except (stripe.StripeError, aiohttp.ClientError, TimeoutError) as error:
        status = getattr(error, "http_status", None)
        log.warning("provider.unknown", provider="stripe", reason=type(error).__name__, status=status)
        return Unknown(type(error).__name__)
    except ValidationError as error:
        log.error("provider.unreadable", provider="stripe", errors=error.error_count())
        return Unknown("unreadable")


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    if not signature.isascii():
        return False
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, SIGNATURE_SECONDS)
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False
    sent_at = next(part[2:] for part in signature.split(",") if part.startswith("t="))
    return int(sent_at) <= time.time() + SIGNATURE_SECONDS
