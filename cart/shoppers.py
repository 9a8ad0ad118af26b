"""Who a cart belongs to: a customer, known by a token, or a guest, known by a secret only the guest has."""

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Shopper:
    """The proof of a request: a customer's id, or the hash of a guest's secret, or (neither) nobody yet.

    A proof opens nothing by itself: it stands in the WHERE of every statement.
    """

    customer_id: UUID | None = None
    secret_hash: bytes | None = None

    @classmethod
    def guest(cls, secret: str) -> "Shopper":
        """Whoever holds this secret."""
        return cls(secret_hash=hash_secret(secret))

    @property
    def principal(self) -> str:
        """A name for the scope of idempotency keys; empty for nobody."""
        if self.customer_id is not None:
            return f"customer {self.customer_id}"
        return f"guest {self.secret_hash.hex()}" if self.secret_hash is not None else ""


NOBODY = Shopper()


def new_secret() -> str:
    """256 random bits as 43 characters that are safe in headers, cookies and addresses."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_secret(secret: str) -> bytes:
    """What is stored of a secret: SHA-256. Enough, because nobody can guess 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
