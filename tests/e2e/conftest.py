"""The whole shop, started by its own command on free ports, for tests that use it from outside."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PATIENCE_SECONDS = 120.0
PROCESSES = 7


@dataclass(frozen=True, slots=True)
class RunningShop:
    """A shop that runs for these tests only."""

    port_base: int
    data: Path

    def address(self, service: str = "frontend") -> str:
        """`http://localhost:port` of a service, as a browser writes it."""
        offset = ("frontend", "cart", "orders", "payments", "products", "sandbox").index(service)
        return f"http://localhost:{self.port_base + offset}"

    def password(self, email: str) -> str:
        """A demo account's."""
        accounts = json.loads((self.data / "accounts.json").read_text())
        found: str = next(account["password"] for account in accounts if account["email"] == email)
        return found


def start_shop(folder: Path, repository: Path) -> tuple[RunningShop, subprocess.Popen[bytes]]:
    """A shop on `folder`/data whose first page has answered."""
    base = _free_ports()
    shop = RunningShop(base, folder / "data")
    command = [sys.executable, "-m", "suite", "up", "--data", str(shop.data), "--port-base", str(base)]
    with (folder / "output").open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=repository,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    end = time.monotonic() + PATIENCE_SECONDS
    while not _answers(f"{shop.address()}/readyz"):
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            raise RuntimeError((folder / "output").read_text()[-4000:])
        time.sleep(0.1)
    return shop, process


def stop_shop(process: subprocess.Popen[bytes]) -> None:
    """The shop has ended as if by Ctrl-C."""
    process.send_signal(signal.SIGINT)
    process.wait(60)


def paid_in_time(shop: RunningShop, order_id: str, order_token: str) -> bool:
    """Whether the order is paid within 20 seconds."""
    address = f"{shop.address('orders')}/orders/{order_id}"
    request = urllib.request.Request(address, headers={"X-Order-Token": order_token})
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with urllib.request.urlopen(request, timeout=5) as answer:
            if json.load(answer)["payment_status"] == "paid":
                return True
        time.sleep(0.2)
    return False


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """One shop for all tests of the group `shop`."""
    folder = tmp_path_factory.mktemp("shop")
    if os.geteuid() == 0:
        for part in (folder, folder.parent, folder.parent.parent):
            part.chmod(0o755)
    running, process = start_shop(folder, Path(__file__).parent.parent.parent)
    yield running
    stop_shop(process)


def _free_ports() -> int:
    """The first of seven ports in a row that nobody listens on."""
    while True:
        base = 20000 + secrets.randbelow(3000) * 10
        try:
            for offset in range(PROCESSES):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", base + offset))
        except OSError:
            continue
        return base


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
