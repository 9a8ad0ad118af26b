"""`python -m frontend.accounts.create_staff EMAIL`: this person is staff; a new account's password is printed once."""

import argparse
import asyncio
import secrets
import sys

from pydantic import TypeAdapter, ValidationError

from chassis.auth import CUSTOMER, STAFF
from chassis.database import Database
from chassis.schemas import Email
from frontend.accounts.service import Accounts
from frontend.settings import Settings


async def create_staff(accounts: Accounts, email: str) -> str | None:
    """The one-time password of the new account, or None when there was one, which is staff from now on."""
    password = secrets.token_urlsafe(15)
    name = email.partition("@")[0]
    is_new = await accounts.provide(
        email=email, password=password, name=name, roles=[CUSTOMER, STAFF], locale="en"
    )
    return password if is_new else None


async def _run(email: str) -> str | None:
    db = await Database.open(Settings.load().database_dsn, pool_size=1, application_name="frontend staff")
    try:
        return await create_staff(Accounts(db), email)
    finally:
        await db.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m frontend.accounts.create_staff", description=__doc__)
    parser.add_argument("email")
    try:
        email = TypeAdapter(Email).validate_python(parser.parse_args().email)
    except ValidationError:
        parser.error("this is not an e-mail address")
    password = asyncio.run(_run(email))
    if password is None:
        sys.stdout.write(f"{email} has an account already and is staff now; the password is unchanged.\n")
    else:
        sys.stdout.write(f"{email} is staff. Password, shown this once: {password}\nChange it at /account.\n")


if __name__ == "__main__":
    main()
