"""The demo accounts: random passwords, written once to a file that only its owner can read."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    email: str
    password: str
    roles: list[str]
    name: str
    locale: str


PEOPLE = (
    ("anna@example.com", ["customer"], "Anna Keller", "en"),
    ("ivan@example.com", ["customer"], "Иван Петров", "ru"),
    ("staff@example.com", ["staff"], "Sam Taylor", "en"),
)


def ensure_accounts(file: Path) -> list[Account]:
    """The accounts in `file`, which is written first when it is not there."""
    if not file.exists():
        accounts = [
            Account(email=email, password=secrets.token_urlsafe(9), roles=roles, name=name, locale=locale)
            for email, roles, name, locale in PEOPLE
        ]
        draft = file.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump([asdict(account) for account in accounts], out, ensure_ascii=False, indent=1)
        draft.rename(file)
    return read_accounts(file)


def read_accounts(file: Path) -> list[Account]:
    """The accounts in `file`; none without it."""
    if not file.exists():
        return []
    return [Account(**entry) for entry in json.loads(file.read_text())]
