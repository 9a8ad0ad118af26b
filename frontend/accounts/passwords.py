"""Passwords: Argon2id (RFC 9106; OWASP's t=2, m=19 MiB, p=1), off the event loop, two at a time.

Two at a time, because each takes a core for some 40 ms: a flood of sign-ins must not stall the pages.
"""

import asyncio
import secrets

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST = 8
LONGEST = 200
AT_ONCE = 2

COMMON = frozenset(
    [
        "12345678",
        "123456789",
        "1234567890",
        "password",
        "password1",
        "passw0rd",
        "qwertyui",
        "qwerty123",
        "qwertyuiop",
        "iloveyou",
        "11111111",
        "00000000",
        "88888888",
        "87654321",
        "abcd1234",
        "abc12345",
        "admin123",
        "letmein1",
        "welcome1",
        "football",
        "baseball",
        "sunshine",
        "princess",
        "trustno1",
        "superman",
        "starwars",
        "whatever",
        "1q2w3e4r",
        "1qaz2wsx",
        "zaq12wsx",
        "q1w2e3r4",
        "asdfghjk",
        "пароль123",
        "йцукенгш",
        "qwerty12",
        "password123",
        "12341234",
        "123123123",
        "internet",
        "computer",
    ]
)
"""Passwords that everybody tries first (lower case)."""


class Passwords:
    """Hashes and checks passwords. Make one per process."""

    def __init__(self) -> None:
        self._hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobodys_hash = ""

    async def hash(self, password: str) -> str:
        """The hash to store."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Whether the password is the stored one, and a better hash to store when the parameters grew.

        Without a stored hash (no such account) the answer is no, and takes just as long.
        """
        if not self._nobodys_hash:
            self._nobodys_hash = await self.hash(secrets.token_urlsafe())
        async with self._turns:
            right, better = await asyncio.to_thread(
                self._hasher.verify_and_update, password, stored or self._nobodys_hash
            )
        return right and stored is not None, better


def is_common(password: str) -> bool:
    """Whether the password is one of those tried first."""
    return password.lower() in COMMON
