"""Signing up and in, passwords, profile and address book."""

from uuid import UUID

import asyncpg

from chassis.auth import CUSTOMER
from chassis.database import Database, rows_changed
from chassis.errors import NotFound
from frontend.accounts import queries
from frontend.accounts.errors import EmailTaken, WrongPassword
from frontend.accounts.passwords import Passwords
from frontend.accounts.schemas import AddressEntry, Person
from frontend.accounts.throttle import Throttle


class Accounts:
    """The people of the shop."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._passwords = Passwords()
        self._throttle = Throttle(db)

    async def sign_up(self, *, email: str, password: str, name: str, locale: str) -> Person:
        """A new customer. Raises EmailTaken."""
        hashed = await self._passwords.hash(password)
        row = await self._db.fetchrow(queries.NEW_ACCOUNT, email, name, hashed, [CUSTOMER], locale)
        if row is None:
            raise EmailTaken
        return _person(row)

    async def sign_in(self, *, email: str, password: str, address: str) -> Person:
        """The person whose e-mail and password these are. `address`: where the try comes from.

        Raises WrongPassword, which takes as long for an unknown e-mail, or TooManyTries.
        """
        await self._throttle.count(email, address)
        row = await self._db.fetchrow(queries.ACCOUNT_BY_EMAIL, email)
        right, better = await self._passwords.verify(password, row["password_hash"] if row else None)
        if row is None or not right:
            raise WrongPassword
        if better is not None:
            await self._db.execute(queries.SET_PASSWORD, row["id"], better)
        await self._throttle.forgive(email, address)
        return _person(row)

    async def change_password(self, person: Person, *, present: str, new: str, address: str) -> None:
        """The new password holds. Raises WrongPassword or TooManyTries."""
        await self.sign_in(email=person.email, password=present, address=address)
        await self._db.execute(queries.SET_PASSWORD, person.id, await self._passwords.hash(new))

    async def change_profile(self, person: Person, *, name: str, locale: str) -> None:
        """Name and language are these."""
        await self._db.execute(queries.SET_PROFILE, person.id, name, locale)

    async def addresses(self, person: Person) -> list[AddressEntry]:
        """The person's addresses, newest first."""
        return [AddressEntry(**dict(row)) for row in await self._db.fetch(queries.ADDRESSES, person.id)]

    async def add_address(self, person: Person, entry: AddressEntry) -> None:
        """The address is in the book, once. A book holds fifty."""
        await self._db.execute(queries.ADD_ADDRESS, person.id, *_columns(entry))

    async def change_address(self, person: Person, entry: AddressEntry) -> None:
        """The entry with this id is as given. Raises NotFound, also for another's entry."""
        changed = await self._db.execute(queries.CHANGE_ADDRESS, person.id, entry.id, *_columns(entry))
        if not rows_changed(changed):
            raise NotFound

    async def remove_address(self, person: Person, address_id: UUID) -> None:
        """The entry is gone. Raises NotFound, also for another's entry."""
        if not rows_changed(await self._db.execute(queries.REMOVE_ADDRESS, person.id, address_id)):
            raise NotFound

    async def provide(self, *, email: str, password: str, name: str, roles: list[str], locale: str) -> bool:
        """There is an account with this e-mail and at least these roles; whether it is new.

        An existing account keeps its password and name, so repeating is safe. One that gains a role is signed
        out everywhere: sessions of staff live shorter.
        """
        hashed = await self._passwords.hash(password)
        row = await self._db.fetchrow(queries.NEW_ACCOUNT, email, name, hashed, roles, locale)
        if row is None:
            grown = await self._db.fetchval(queries.ADD_ROLES, email, roles)
            await self._db.execute(queries.END_ALL_SESSIONS, grown)
        return row is not None


def _person(row: asyncpg.Record) -> Person:
    return Person(row["id"], row["email"], row["name"], tuple(row["roles"]), row["locale"])


def _columns(entry: AddressEntry) -> tuple[str, ...]:
    return (
        entry.name,
        entry.line1,
        entry.line2,
        entry.city,
        entry.region,
        entry.postal_code,
        entry.country,
        entry.phone,
    )
