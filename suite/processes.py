"""What the shop consists of on one machine: a table, read by everything else here."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POSTGRES_OFFSET = 6


@dataclass(frozen=True, slots=True)
class Service:
    """One program, `python -m <name>`."""

    name: str
    offset: int
    """Its port is the port base plus this."""
    level: int
    """Stopped from the highest level to the lowest; PostgreSQL is below all."""
    database: bool = True
    """Whether it has a database of its own name, with migrations."""
    demo: bool = False
    """Whether `python -m <name>.demo` loads something for the demonstration; a repetition adds nothing."""
    page: str = "/docs"
    """What a person opens first."""


SERVICES = (
    Service("sandbox", offset=5, level=1, database=False, page="/"),
    Service("products", offset=4, level=1, demo=True),
    Service("cart", offset=1, level=1),
    Service("orders", offset=2, level=1, demo=True),
    Service("payments", offset=3, level=1),
    Service("frontend", offset=0, level=2, page="/"),
)
