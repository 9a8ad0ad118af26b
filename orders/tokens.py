"""The secret of a guest's order: derived from our key and the order's id, so that it is kept nowhere."""

import base64
import hashlib
import hmac
from uuid import UUID

VALID_DAYS = 90


class OrderTokens:
    """Makes the secrets; the database holds their hashes, so a change of the key breaks no link that is out."""

    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("an empty secret would let anybody derive every order's token")
        self._key = hmac.digest(secret.encode(), b"order tokens", hashlib.sha256)

    def token(self, order_id: UUID) -> str:
        """256 bits that only we and the guest know, as 43 URL-safe characters; always the same for an order."""
        digest = hmac.digest(self._key, order_id.bytes, hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def token_hash(token: str) -> bytes:
    """What is stored and compared of a token."""
    return hashlib.sha256(token.encode()).digest()
