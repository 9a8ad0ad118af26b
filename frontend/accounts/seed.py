"""`python -m frontend.accounts.seed FILE`: the accounts listed in FILE exist; repeating changes nothing.

FILE is a JSON list of {"email", "password", "roles", "name", "locale"}, readable by its owner only. Where there is none
yet it is written first: two customers and a member of staff for the demo, with random passwords.
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
from pathlib import Path

from pydantic import Field, TypeAdapter

from chassis.database import Database
from chassis.schemas import Email, Line, Locale, StrictIn
from frontend.accounts.service import Accounts
from frontend.settings import Settings

DEMO = (
    {"email": "anna@example.com", "roles": ["customer"], "name": "Anna Keller", "locale": "en"},
    {"email": "ivan@example.com", "roles": ["customer"], "name": "Иван Петров", "locale": "ru"},
    {"email": "staff@example.com", "roles": ["staff"], "name": "Sam Taylor", "locale": "en"},
)


class SeedAccount(StrictIn):
    """One account of the list."""

    email: Email
    password: str = Field(min_length=8, max_length=200)
    roles: list[str] = Field(min_length=1)
    name: Line
    locale: Locale = "en"


def write_demo(file: Path) -> None:
    """`file` lists the demo accounts with new random passwords, if there was no such file."""
    if file.exists():
        return
    accounts = [{**person, "password": secrets.token_urlsafe(9)} for person in DEMO]
    draft = file.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(accounts, out, ensure_ascii=False, indent=1)
    draft.rename(file)


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
    file: Path = parser.parse_args().file
    write_demo(file)
    entries = TypeAdapter(list[SeedAccount]).validate_json(file.read_bytes())
    sys.stdout.write(f"new accounts: {asyncio.run(_run(entries))}\n")


if __name__ == "__main__":
    main()
