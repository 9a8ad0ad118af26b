"""Who calls: Ed25519 tokens of people and of services, minted and verified (RFC 7519, 8725, 9864).

A token is good for one audience. People's tokens are signed by the issuer of people, whose keys are a
cached JWKS (stale is allowed: its death stops nobody who is known already). Services sign their own
with a key that the others know by configuration.
"""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.util import json_b64decode

from chassis.errors import Forbidden, Unauthenticated, Unavailable

ALGORITHM = "Ed25519"
TOKEN_TYPE = "at+jwt"  # noqa: S105  # a media type (RFC 9068), not a secret
CLOCK_LEEWAY = 10
"""Seconds two machines' clocks may differ."""
REMEMBERED_TOKENS = 4096
REFETCH_SECONDS = 300
RETRY_SECONDS = 5

SERVICE = "service"
STAFF = "staff"
CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends this request, as far as a token proves it. Without a token: nobody (`subject` empty)."""

    subject: str = ""
    roles: frozenset[str] = frozenset()
    email: str = ""
    expires_at: float = 0.0

    @property
    def customer_id(self) -> UUID | None:
        """The account of the person who calls; None for guests and services."""
        return UUID(self.subject) if self.subject and SERVICE not in self.roles else None

    @property
    def is_staff(self) -> bool:
        return STAFF in self.roles

    @property
    def is_service(self) -> bool:
        return SERVICE in self.roles


ANONYMOUS = Caller()


def public_jwk(private_jwk: str) -> dict[str, Any]:
    """The public half of a private key given as JSON, with its thumbprint as `kid`."""
    return dict(_key(private_jwk).as_dict(private=False))


def _key(jwk: str | dict[str, Any]) -> OKPKey:
    key = OKPKey.import_key(json.loads(jwk) if isinstance(jwk, str) else jwk)
    key.ensure_kid()
    return key


class TokenMinter:
    """Signs tokens in the name of one issuer. One service token per audience is kept until half its life."""

    def __init__(self, issuer: str, private_jwk: str, *, lifetime: int = 60) -> None:
        self._issuer = issuer
        self._key = _key(private_jwk)
        self._lifetime = lifetime
        self._service_tokens: dict[str, tuple[str, float]] = {}

    def service_token(self, audience: str) -> str:
        """A token that says "I am this service" to `audience`, good for at least half a minute."""
        token, fresh_until = self._service_tokens.get(audience, ("", 0.0))
        now = time.time()
        if now >= fresh_until:
            token = self._sign({"sub": self._issuer, "roles": [SERVICE]}, audience, self._lifetime)
            self._service_tokens[audience] = (token, now + self._lifetime / 2)
        return token

    def person_token(
        self, audience: str, *, subject: UUID, roles: list[str], email: str, lifetime: int
    ) -> str:
        """A token that says "this person asks" to `audience`, good for `lifetime` seconds."""
        return self._sign({"sub": str(subject), "roles": roles, "email": email}, audience, lifetime)

    def _sign(self, claims: dict[str, Any], audience: str, lifetime: int) -> str:
        now = int(time.time())
        header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": self._key.kid}
        claims = {"iss": self._issuer, "aud": audience, "iat": now, "exp": now + lifetime, **claims}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


class PeopleKeys:
    """The public keys of the issuer of people, fetched when needed, kept when the issuer is down."""

    def __init__(self, fetch: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        self._fetch = fetch
        self._keys: KeySet | None = None
        self._next_fetch = 0.0

    async def with_kid(self, kid: str) -> KeySet:
        """Keys that hold `kid` if the issuer knows it. Raises Unavailable while no key was ever had."""
        now = time.monotonic()
        unknown = self._keys is None or all(key.kid != kid for key in self._keys.keys)
        if now >= self._next_fetch or (unknown and now >= self._next_fetch - REFETCH_SECONDS + RETRY_SECONDS):
            try:
                self._keys = KeySet.import_key_set(await self._fetch())  # type: ignore[arg-type]  # validated inside
                self._next_fetch = now + REFETCH_SECONDS
            except (Unavailable, JoseError, ValueError, KeyError) as problem:
                if self._keys is None:
                    raise Unavailable("Tokens cannot be checked at the moment.") from problem
                self._next_fetch = now + RETRY_SECONDS
        assert self._keys is not None  # noqa: S101  # the branch above fetched or raised
        return self._keys


class TokenVerifier:
    """Turns a bearer token into a Caller, or raises Unauthenticated. Good answers are remembered until expiry."""

    def __init__(
        self, audience: str, *, services: dict[str, dict[str, str]], people: PeopleKeys, people_issuer: str
    ) -> None:
        self._audience = audience
        self._services = {name: _key(dict(jwk)) for name, jwk in services.items()}
        self._people = people
        self._people_issuer = people_issuer
        self._remembered: dict[str, Caller] = {}

    async def caller(self, token: str) -> Caller:
        """Who the token speaks for. Raises Unauthenticated, or Unavailable when keys cannot be had."""
        remembered = self._remembered.get(token)
        if remembered is not None and remembered.expires_at > time.time():
            return remembered
        caller = await self._verified(token)
        if len(self._remembered) >= REMEMBERED_TOKENS:
            self._remembered.clear()
        self._remembered[token] = caller
        return caller

    async def _verified(self, token: str) -> Caller:
        try:
            unverified = _unverified(token)
            decoded = jwt.decode(token, await self._keys_for(unverified), algorithms=[ALGORITHM])
            return self._caller_from(decoded.header, decoded.claims)
        except (JoseError, ValueError, KeyError, TypeError) as problem:
            raise Unauthenticated("The token is not valid.") from problem

    async def _keys_for(self, unverified: "_Unverified") -> OKPKey | KeySet:
        if unverified.is_service:
            return self._services[unverified.issuer]
        if unverified.issuer != self._people_issuer:
            raise ValueError("people are known to their own issuer only")
        return await self._people.with_kid(unverified.kid)

    def _caller_from(self, header: dict[str, Any], claims: dict[str, Any]) -> Caller:
        now = time.time()
        if header.get("typ") != TOKEN_TYPE or claims["aud"] != self._audience:
            raise ValueError("a token for something else")
        if not claims["iat"] - CLOCK_LEEWAY <= now < claims["exp"] + CLOCK_LEEWAY:
            raise ValueError("expired, or from the future")
        roles = frozenset(claims["roles"])
        if SERVICE in roles:
            if roles != {SERVICE} or claims["sub"] != claims["iss"]:
                raise ValueError("a service speaks for itself only")
        else:
            UUID(claims["sub"])
        return Caller(claims["sub"], roles, claims.get("email", ""), float(claims["exp"]))


@dataclass(frozen=True, slots=True)
class _Unverified:
    issuer: str
    kid: str
    is_service: bool


def _unverified(token: str) -> _Unverified:
    """What the token claims, to choose the key by; nothing of it is believed before the signature is."""
    head, body, _ = token.split(".")
    header, claims = json_b64decode(head.encode()), json_b64decode(body.encode())
    return _Unverified(str(claims["iss"]), str(header.get("kid", "")), SERVICE in claims["roles"])


people_scheme = OAuth2PasswordBearer(
    tokenUrl="auth/token",
    scheme_name="account",
    description="Sign in with a customer's or staff member's e-mail and password.",
    auto_error=False,
)


async def caller(request: Request, token: Annotated[str | None, Depends(people_scheme)]) -> Caller:
    """The caller of this request, ANONYMOUS without a token. A bad token is refused, never ignored."""
    if token is None:
        if "authorization" in request.headers:
            raise Unauthenticated("Send `Authorization: Bearer <token>`.")
        return ANONYMOUS
    verifier: TokenVerifier = request.app.state.verifier
    return await verifier.caller(token)


async def known_caller(who: Annotated[Caller, Depends(caller)]) -> Caller:
    """Somebody with a token. Raises Unauthenticated."""
    if not who.subject:
        raise Unauthenticated
    return who


async def staff(who: Annotated[Caller, Depends(known_caller)]) -> Caller:
    """A member of staff. Raises Unauthenticated or Forbidden."""
    if not who.is_staff:
        raise Forbidden("This is for staff.")
    return who


async def service(who: Annotated[Caller, Depends(known_caller)]) -> Caller:
    """Another service of this system. Raises Unauthenticated or Forbidden."""
    if not who.is_service:
        raise Forbidden("This is between services.")
    return who


class OneOf:
    """A dependency: the caller is one of the named services. Raises Unauthenticated or Forbidden."""

    def __init__(self, *services: str) -> None:
        self._services = frozenset(services)

    async def __call__(self, who: Annotated[Caller, Depends(service)]) -> Caller:
        if who.subject not in self._services:
            raise Forbidden("This is for another service.")
        return who


AnyCaller = Annotated[Caller, Depends(caller)]
KnownCaller = Annotated[Caller, Depends(known_caller)]
StaffCaller = Annotated[Caller, Depends(staff)]
ServiceCaller = Annotated[Caller, Depends(service)]
