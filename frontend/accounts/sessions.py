"""Browser sessions: an opaque 256-bit cookie, its SHA-256 in the database, no row until there is a need.

The id changes whenever the person does (sign-in, sign-out, password change), so that one planted before is
worth nothing after. Limits: idle and absolute, shorter for staff.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from chassis.database import Connection, Database
from frontend.accounts import queries
from frontend.accounts.schemas import Belongings, Person
from frontend.accounts.sealing import EMPTY, seal, unseal
from frontend.settings import Settings

PLAIN_COOKIE = "session"
HOST_COOKIE = "__Host-session"


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's session. `token` is the cookie's value; empty while there is no row."""

    token: str = ""
    person: Person | None = None
    belongings: Belongings = EMPTY


NO_SESSION = Session()


class Sessions:
    """Finds, makes and ends sessions."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings

    async def find(self, token: str) -> Session:
        """The living session of a cookie, NO_SESSION for any other text. Marks it as seen once a minute."""
        if not 20 <= len(token) <= 100:
            return NO_SESSION
        key = _hash(token)
        row = await self._db.fetchrow(queries.SESSION, key)
        if row is None:
            return NO_SESSION
        if row["is_stale"]:
            await self._db.execute(queries.SESSION_SEEN, key)
        person = None
        if row["account_id"] is not None:
            person = Person(row["account_id"], row["email"], row["name"], tuple(row["roles"]), row["locale"])
        return Session(token, person, unseal(token, row["sealed"]))

    async def keep(self, session: Session, belongings: Belongings) -> Session:
        """The session with other belongings. Makes the row when this is the first thing to remember."""
        if belongings == session.belongings:
            return session
        if not session.token:
            return await self._insert(self._db, None, belongings)
        sealed = seal(session.token, belongings)
        await self._db.execute(queries.SESSION_BELONGINGS, _hash(session.token), sealed)
        return Session(session.token, session.person, belongings)

    async def begin(self, old: Session, person: Person) -> Session:
        """A new session of `person` under a new id; the old one is gone, its belongings are taken along.

        What belonged to another person is not taken along.
        """
        stranger = old.person is not None and old.person.id != person.id
        belongings = EMPTY if stranger else old.belongings
        async with self._db.transaction() as connection:
            await connection.execute(queries.END_SESSION, _hash(old.token))
            return await self._insert(connection, person, belongings)

    async def begin_alone(self, old: Session, person: Person) -> Session:
        """As `begin`, and every other session of the person is over: after a change of password."""
        session = await self.begin(old, person)
        await self._db.execute(queries.END_OTHER_SESSIONS, person.id, _hash(session.token))
        return session

    async def end(self, session: Session) -> None:
        """The session and all it remembered are gone."""
        if session.token:
            await self._db.execute(queries.END_SESSION, _hash(session.token))

    async def forget_old(self) -> None:
        """Some rows past their limits are gone. A sweep by the clock calls it."""
        await self._db.execute(queries.FORGET_SESSIONS)
        await self._db.execute(queries.FORGET_FAILURES)

    async def _insert(
        self, connection: Database | Connection, person: Person | None, belongings: Belongings
    ) -> Session:
        token = secrets.token_urlsafe(32)
        idle, absolute = self._limits(person)
        account_id = person.id if person else None
        await connection.execute(
            queries.NEW_SESSION, _hash(token), account_id, seal(token, belongings), idle, absolute
        )
        return Session(token, person, belongings)

    def _limits(self, person: Person | None) -> tuple[timedelta, timedelta]:
        settings = self._settings
        if person is not None and person.is_staff:
            return timedelta(minutes=settings.staff_idle_minutes), timedelta(
                hours=settings.staff_absolute_hours
            )
        return timedelta(days=settings.session_idle_days), timedelta(days=settings.session_absolute_days)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def cookie_name(request: Request) -> str:
    """`__Host-session` wherever the browser keeps secure cookies; plain on http in development."""
    return HOST_COOKIE if _is_secure_context(request) else PLAIN_COOKIE


def _is_secure_context(request: Request) -> bool:
    if request.url.scheme == "https":
        return True
    if request.url.hostname != "localhost":
        return False
    agent = request.headers.get("user-agent", "")
    is_safari = "Safari/" in agent and "Chrom" not in agent
    return not is_safari  # WebKit alone drops Secure cookies of http://localhost


def set_cookie(request: Request, response: Response, token: str, *, days: int) -> None:
    """The browser keeps the session from now on; an empty token makes it forget."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=days * 86400 if token else 0,
        path="/",
        secure=_is_secure_context(request),
        httponly=True,
        samesite="lax",
    )
