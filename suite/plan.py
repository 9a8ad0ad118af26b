"""Everything that was decided before the first process starts."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from suite.processes import POSTGRES_OFFSET, Service

WILDCARDS = ("0.0.0.0", "::", "")  # noqa: S104  # told apart here, not bound
PORT_BASE = 8000


@dataclass(frozen=True, slots=True)
class Database:
    """A PostgreSQL server and its administrator."""

    host: str
    port: int
    user: str
    password: str
    name: str = "postgres"
    """The database to connect to when none is wanted."""

    def url(self, *, role: str, database: str) -> str:
        """`postgresql://role@host:port/database`, without a password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{role}@{host}:{self.port}/{database}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Where things are and which services run; `ports` has one for every service of the table."""

    data: Path
    services: tuple[Service, ...]
    ports: dict[str, int]
    host: str = "127.0.0.1"
    public_origin: str = ""
    database: Database | None = None
    """An external server; None: our own, in the data folder."""
    postgres_port: int = PORT_BASE + POSTGRES_OFFSET
    demo: bool = True

    @property
    def cluster(self) -> Path:
        return self.data / "postgres"

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def accounts(self) -> Path:
        return self.data / "accounts.json"

    def has(self, name: str) -> bool:
        """Whether the service `name` is among those that run."""
        return any(service.name == name for service in self.services)

    def databases(self) -> tuple[str, ...]:
        """The services that have a database."""
        return tuple(service.name for service in self.services if service.database)

    def origin(self) -> str:
        """The gateway as browsers see it."""
        if self.public_origin:
            return self.public_origin.rstrip("/")
        host = "localhost" if self.host in (*WILDCARDS, "127.0.0.1", "::1") else self.host
        return f"http://{host}:{self.ports['frontend']}"

    def browser_address(self, name: str) -> str:
        """The service `name` as browsers see it: the gateway's host, its own port."""
        if name == "frontend":
            return self.origin()
        parts = urlsplit(self.origin())
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"http://{host}:{self.ports[name]}"

    def internal_address(self, name: str) -> str:
        """The service `name` as the other processes on this machine see it."""
        host = "127.0.0.1" if self.host in WILDCARDS or self.host == "localhost" else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.ports[name]}"


def port_option(name: str) -> str:
    """The option of `python -m suite up` that changes the port of `name`."""
    return f"--{name}-port"
