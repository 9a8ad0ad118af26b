"""The whole shop, started by its own command on free ports, for tests that use it from outside as everybody does."""

import json
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 120.0
PROCESSES = 7
SERVICES = ("frontend", "cart", "orders", "payments", "products", "sandbox")
"""In the order of their ports."""


@dataclass(frozen=True, slots=True)
class RunningShop:
    """A shop that runs for these tests only."""

    port_base: int
    data: Path

    def address(self, service: str = "frontend") -> str:
        """`http://localhost:port` of a service, as a browser writes it."""
        return f"http://localhost:{self.port_base + SERVICES.index(service)}"

    def password(self, email: str) -> str:
        """A demo account's."""
        accounts = json.loads((self.data / "accounts.json").read_text())
        found: str = next(account["password"] for account in accounts if account["email"] == email)
        return found

    def token(self, email: str, audience: str) -> str:
        """A demo account's bearer token for one service."""
        form = urllib.parse.urlencode({"username": email, "password": self.password(email)}).encode()
        address = f"{self.address()}/auth/token?audience={audience}"
        with urllib.request.urlopen(address, form, timeout=10) as answer:
            token: str = json.load(answer)["access_token"]
        return token

    def ask(
        self, service: str, path: str, *, staff: bool = False, body: object = None, method: str | None = None
    ) -> Any:
        """The JSON that a service answers, to a member of staff or to anybody. Raises HTTPError for a refusal."""
        headers = {"Accept": "application/json", "Content-Type": "application/json", "If-Match": "*"}
        if service == "sandbox":
            headers["Authorization"] = "Bearer sk_test_sandbox"
        elif staff:
            headers["Authorization"] = f"Bearer {self.token('staff@example.com', service)}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address(service)}{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def pid(self, service: str) -> int:
        """The process of a service of this shop."""
        for process in Path("/proc").iterdir():
            if not process.name.isdigit():
                continue
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
                variables = (process / "environ").read_bytes()
            except OSError:
                continue
            mine = f"{service.upper()}_PORT={self.port_base + SERVICES.index(service)}".encode()
            if words[1:3] == [b"-m", service.encode()] and mine in variables.split(b"\0"):
                return int(process.name)
        raise LookupError(service)


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
