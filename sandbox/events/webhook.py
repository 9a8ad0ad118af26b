"""One attempt to hand an event to the webhook, signed as Stripe signs."""

import hashlib
import hmac
import time
from dataclasses import dataclass

import aiohttp

TIMEOUT_SECONDS = 10
SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: the receiver's status, or why there was none."""

    status: int | None
    error: str | None

    @property
    def taken(self) -> bool:
        """Whether the receiver has the event; a redirect is a failure."""
        return self.status in SUCCESS


def signature(body: bytes, *, secret: str, at: int) -> str:
    """The `Stripe-Signature` header: HMAC-SHA256 over `<at>.<body>`."""
    mac = hmac.new(secret.encode(), b"%d.%b" % (at, body), hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


class Webhook:
    """The receiver: its address, the secret shared with it, and open connections to it."""

    def __init__(self, url: str, *, secret: str) -> None:
        self._url = url
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None

    async def send(self, body: bytes) -> Outcome:
        """The outcome of one POST. Never raises for a receiver that is down, slow or rude.

        The signature carries the machine's time, not the provider's shifted clock: receivers compare it with theirs.
        """
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Sandbox/1.0 (+webhooks)",
            "Stripe-Signature": signature(body, secret=self._secret, at=int(time.time())),
        }
        try:
            async with self._open().post(
                self._url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                return Outcome(answer.status, None)
        except (aiohttp.ClientError, TimeoutError) as error:
            return Outcome(None, type(error).__name__)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))
        return self._session
