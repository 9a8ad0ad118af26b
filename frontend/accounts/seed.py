"""`python -m frontend.accounts.seed FILE`: the accounts listed in FILE exist; repeating changes nothing.

FILE is a JSON list of {"email", "password", "roles", "name", "locale"}.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from pydantic import Field, TypeAdapter

from chassis.database import Database
from chassis.schemas import Email, Line, Locale, StrictIn
from frontend.accounts.service import Accounts
from frontend.settings import Settings


class SeedAccount(StrictIn):
    """One account of the list."""

    email: Email
    password: str = Field(min_length=8, max_length=200)
    roles: list[str] = Field(min_length=1)
    name: Line
    locale: Locale = "en"


async def seed(accounts: Accounts, entries: list[SeedAccount]) -> int:
    """Every entry has its account; how many are new."""
    return sum([await accounts.provide(**entry.model_dump()) for entry in entries])


async def _run(entries: list[SeedAccount]) -> int:
    db = await Database.open(Settings.load().database_dsn, pool_size=1, application_name="frontend seed")
    try:
        return await seed(Accounts(db), entries)
    finally:
        await db.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m frontend.accounts.seed", description=__doc__)
    parser.add_argument("file", type=Path)
    text = parser.parse_args().file.read_bytes()
    entries = TypeAdapter(list[SeedAccount]).validate_json(text)
    sys.stdout.write(f"new accounts: {asyncio.run(_run(entries))}\n")


if __name__ == "__main__":
    main()
