"""What a session remembers can be read with its cookie only: whoever reads the database sees noise.

AES-256-GCM under a key derived (HKDF, RFC 5869) from the cookie's token, of which the database has only a hash.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import ValidationError

from frontend.accounts.schemas import Belongings

NONCE_BYTES = 12
EMPTY = Belongings()


def seal(token: str, belongings: Belongings) -> bytes:
    """The belongings as bytes that only `token` opens; empty when there are none."""
    if belongings == EMPTY:
        return b""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(token)).encrypt(nonce, belongings.model_dump_json().encode(), None)


def unseal(token: str, sealed: bytes) -> Belongings:
    """What was sealed with `token`; nothing when it cannot be read (an older form, or not ours)."""
    if not sealed:
        return EMPTY
    try:
        plain = AESGCM(_key(token)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        return Belongings.model_validate_json(plain)
    except (InvalidTag, ValidationError):
        return EMPTY


def _key(token: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"session").derive(token.encode())
