"""Real PostgreSQL for tests: one cluster per run, one migrated template per service, copies of it per worker."""

import asyncio
import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import asyncpg

from suite.postgres import Cluster, find_binaries
from suite.postgres.creation import SUPERUSER
from tests.support.cleaning import clean

REPOSITORY = Path(__file__).parent.parent.parent
SERVICES = ("products", "cart", "orders", "payments", "frontend")
ROLES = ("owner", "app", "auditor")
PASSWORD = "test-only"
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a cluster listens, as its superuser, and the folder that the run may keep notes in."""

    host: str
    port: int
    user: str
    password: str
    folder: str

    def dsn(self, database: str, *, user: str | None = None, password: str | None = None) -> str:
        """`postgresql://…/database`, as the superuser unless told otherwise."""
        return (
            f"postgresql://{user or self.user}:{password or self.password}@{self.host}:{self.port}/{database}"
        )

    def as_text(self) -> str:
        """For handing it to another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "ServerAddress":
        return cls(**json.loads(text))


class TestServer:
    """A cluster in a temporary folder that a crash may lose."""

    __test__ = False

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self._cluster = cluster
        self._folder = folder
        self.address = ServerAddress("127.0.0.1", cluster.port or 0, SUPERUSER, cluster.password, str(folder))

    @classmethod
    def start(cls) -> "TestServer":
        folder = Path(tempfile.mkdtemp(prefix="shop-tests-"))
        folder.chmod(0o755)
        cluster = Cluster(folder / "cluster", durable=False, options={"max_connections": "400"})
        cluster.start()
        return cls(cluster, folder)

    def stop(self) -> None:
        """The server has ended and its folder is gone."""
        self._cluster.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class TestDatabase:
    """One database of one service: addresses for its three roles, and its name."""

    __test__ = False

    name: str
    app: str
    owner: str
    auditor: str


class Databases:
    """Lends databases to one test. A database that a test left in its own shape is used again by the next ones."""

    def __init__(self, server: ServerAddress) -> None:
        self._server = server
        self._lent: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for service, name in self._lent:
            _FREE.setdefault(service, []).append(name)

    def create(self, service: str) -> TestDatabase:
        """A database of `service` at its newest migration, with what migrations put there and nothing else."""
        _template_ready(self._server, service)
        name = self._cleaned(service) or self._copied(service)
        self._lent.append((service, name))
        return self.named(service, name)

    def _cleaned(self, service: str) -> str | None:
        """A database that is free again and like new; None when there is none."""
        while free := _FREE.get(service):
            name = free.pop()
            if _run(clean(self._server.dsn(name), self._server.dsn(service))):
                return name
            _run(_execute(self._server.dsn("postgres"), [f'DROP DATABASE "{name}" WITH (FORCE)']))
        return None

    def _copied(self, service: str) -> str:
        name = f"{service}_{os.getpid()}_{secrets.token_hex(4)}"
        copy = f'CREATE DATABASE "{name}" TEMPLATE "{service}" STRATEGY file_copy OWNER "{service}_owner"'
        _run(_execute(self._server.dsn("postgres"), [copy]))
        return name

    def admin_dsn(self) -> str:
        """The newest database of this test, as the superuser."""
        return self._server.dsn(self._lent[-1][1])

    def named(self, service: str, name: str) -> TestDatabase:
        """The addresses of a database called `name`."""
        app, owner, auditor = (
            self._server.dsn(name, user=f"{service}_{role}", password=PASSWORD) for role in ROLES_IN_ORDER
        )
        return TestDatabase(name, app, owner, auditor)


_FREE: dict[str, list[str]] = {}
"""Service → databases of this process that no test uses."""

ROLES_IN_ORDER = ("app", "owner", "auditor")


def _template_ready(server: ServerAddress, service: str) -> None:
    """The database called like the service is migrated; the first worker that needs it does it."""
    done = Path(server.folder) / f"{service}.migrated"
    if done.exists():
        return
    with (Path(server.folder) / f"{service}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _initialise(server, service)
            _migrate(server, service)
            done.touch()


def _initialise(server: ServerAddress, service: str) -> None:
    """Database and roles, by the very script that production uses."""
    environment = {
        **os.environ,
        "PATH": f"{find_binaries().program('psql').parent}:{os.environ['PATH']}",
        "PGHOST": server.host,
        "PGPORT": str(server.port),
        "PGUSER": server.user,
        "PGPASSWORD": server.password,
        **{f"{service.upper()}_{role.upper()}_PASSWORD": PASSWORD for role in ROLES},
    }
    script = REPOSITORY / "scripts" / f"init_{service}_db.sh"
    subprocess.run(["bash", script], env=environment, check=True, capture_output=True, timeout=60)


def _migrate(server: ServerAddress, service: str) -> None:
    owner = server.dsn(service, user=f"{service}_owner", password=PASSWORD)
    environment = {**os.environ, f"{service.upper()}_OWNER_DATABASE_URL": owner}
    command = [sys.executable, "-m", "chassis.migrate", service]
    subprocess.run(command, env=environment, cwd=REPOSITORY, check=True, timeout=120)


async def _execute(dsn: str, statements: list[str]) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _run(work: Coroutine[object, object, Answer]) -> Answer:
    """What `work` returns, run to its end in a thread of its own, so that it may be called while a loop runs."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()
