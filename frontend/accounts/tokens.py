"""Tokens of people: short ones for the gateway's own calls, kept while fresh; longer ones for `/docs`."""

import time
from uuid import UUID

from chassis.auth import TokenMinter
from frontend.accounts.schemas import Person

OWN_CALLS_SECONDS = 60
FRESH_SECONDS = 30
API_SECONDS = 900
REMEMBERED = 4096


class PersonTokens:
    """Signs "this person asks" for one service at a time."""

    def __init__(self, minter: TokenMinter) -> None:
        self._minter = minter
        self._kept: dict[tuple[UUID, tuple[str, ...], str, str], tuple[str, float]] = {}

    def for_own_call(self, audience: str, person: Person) -> str:
        """A token good for at least half a minute."""
        key = (person.id, person.roles, person.email, audience)
        token, fresh_until = self._kept.get(key, ("", 0.0))
        now = time.monotonic()
        if now < fresh_until:
            return token
        token = self._signed(audience, person, OWN_CALLS_SECONDS)
        if len(self._kept) >= REMEMBERED:
            self._kept.clear()
        self._kept[key] = (token, now + FRESH_SECONDS)
        return token

    def for_api(self, audience: str, person: Person) -> str:
        """A token good for a quarter of an hour, for a person who calls the API themselves."""
        return self._signed(audience, person, API_SECONDS)

    def _signed(self, audience: str, person: Person, lifetime: int) -> str:
        return self._minter.person_token(
            audience, subject=person.id, roles=list(person.roles), email=person.email, lifetime=lifetime
        )
