"""Fixtures that every test may ask for. The cluster is started once, by the process that runs pytest."""

import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import Databases, ServerAddress, TestServer
from tests.support.shop import RunningShop, start_shop, stop_shop

SERVER = pytest.StashKey[TestServer]()


def pytest_configure(config: pytest.Config) -> None:
    """The process in charge starts PostgreSQL; the workers are told where it is."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        config.stash[SERVER] = TestServer.start()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """xdist: a worker begins."""
    config: pytest.Config = node.config  # type: ignore[attr-defined]  # xdist's WorkerController, untyped
    node.workerinput["server"] = config.stash[SERVER].address.as_text()  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(SERVER, None):
        server.stop()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def server_address(request: pytest.FixtureRequest) -> ServerAddress:
    """Where the test cluster is."""
    config = request.config
    if hasattr(config, "workerinput"):
        return ServerAddress.from_text(config.workerinput["server"])
    return config.stash[SERVER].address


@pytest.fixture
def databases(server_address: ServerAddress) -> Iterator[Databases]:
    """`databases.create("cart")`: a new, migrated, empty database of that service, gone after the test."""
    with ExitStack() as stack:
        yield stack.enter_context(Databases(server_address))


@pytest.fixture(scope="session")
def identities(tmp_path_factory: pytest.TempPathFactory) -> Identities:
    """Keys of all services and of people, and tokens signed with them."""
    return Identities.create(tmp_path_factory.mktemp("identities"))


@pytest.fixture
async def apps() -> AsyncIterator[RunningApps]:
    """`await apps.start(app)`: a client of an application that runs in this process, until the test ends."""
    async with RunningApps() as running:
        yield running


@pytest.fixture
def make_settings(identities: Identities) -> Callable[..., dict[str, object]]:
    """Keyword arguments that any service's Settings take in a test, for a service name and a database address."""
    return identities.settings_for


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the repository."""
    return Path(__file__).parent.parent


@pytest.fixture
def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[RunningShop]:
    """The whole shop. Tests that ask for it carry `xdist_group("shop")`, so that one worker starts one."""
    folder = tmp_path_factory.mktemp("shop")
    if os.geteuid() == 0:
        for part in (folder, folder.parent, folder.parent.parent):
            part.chmod(0o755)
    running, process = start_shop(folder, repository)
    yield running
    stop_shop(process)
