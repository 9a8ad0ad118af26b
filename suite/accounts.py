"""The demo accounts and their passwords, as the gateway's seed wrote them."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    email: str
    password: str
    roles: list[str]
    name: str
    locale: str


def read_accounts(file: Path) -> list[Account]:
    """The accounts in `file`; none without it."""
    if not file.exists():
        return []
    return [Account(**entry) for entry in json.loads(file.read_text())]
