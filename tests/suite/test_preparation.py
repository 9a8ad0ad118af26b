"""What is decided, written and remembered before the first service starts."""

import importlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chassis.settings import ServiceSettings
from frontend.accounts.seed import write_demo
from suite import installation
from suite.accounts import read_accounts
from suite.environment import owner_environment, service_environment
from suite.errors import AlreadyRunning, PortTaken, StepFailed, SuiteError
from suite.installation import EnvironmentFailed, ensure_environment
from suite.logs import LogTail, is_error
from suite.plan import Database, Plan
from suite.ports import require_free
from suite.preparation import Memory, ensure_secrets, run_python
from suite.processes import SERVICES
from suite.tasks import reset_data
from suite.up import hold_data_folder

DATABASE = Database("127.0.0.1", 8006, "postgres", "admin's password")


def plan(data: Path, *, host: str = "127.0.0.1", public_origin: str = "") -> Plan:
    ports = {service.name: 8000 + service.offset for service in SERVICES}
    return Plan(data=data, services=SERVICES, ports=ports, host=host, public_origin=public_origin)


@contextmanager
def quietly(_: str) -> Iterator[None]:
    yield


async def test_secrets_are_made_once_and_for_every_service(tmp_path: Path) -> None:
    here = plan(tmp_path)
    await ensure_secrets(here, quietly)
    made = {file: file.read_bytes() for file in here.secrets.rglob("*") if file.is_file()}
    assert {file.stat().st_mode & 0o777 for file in made if file.name != "trusted.json"} == {0o600}
    await ensure_secrets(here, quietly)
    assert {file: file.read_bytes() for file in here.secrets.rglob("*") if file.is_file()} == made
    assert set(json.loads((here.secrets / "trusted.json").read_text())) == {
        "products",
        "cart",
        "orders",
        "payments",
        "frontend",
    }


async def test_a_service_is_told_its_database_its_neighbours_and_no_password(tmp_path: Path) -> None:
    here = plan(tmp_path, host="::")
    await ensure_secrets(here, quietly)
    told = service_environment("orders", here, DATABASE)
    assert told["ORDERS_DATABASE_URL"] == "postgresql://orders_app@127.0.0.1:8006/orders"
    assert told["ORDERS_PAYMENTS_URL"] == "http://127.0.0.1:8003"
    assert told["ORDERS_PUBLIC_ORIGIN"] == "http://localhost:8000"
    assert told["ORDERS_HOST"] == "::"
    secret = [file.read_text().strip() for file in (here.secrets / "passwords").iterdir()]
    for name in ("orders", "payments", "frontend"):
        values = set(owner_environment(name, here, DATABASE).values())
        assert not values.intersection(secret)
        assert "admin's password" not in values


@pytest.mark.parametrize("service", [service.name for service in SERVICES])
async def test_a_service_is_told_nothing_that_it_would_not_read(tmp_path: Path, service: str) -> None:
    here = plan(tmp_path)
    await ensure_secrets(here, quietly)
    database = None if service == "sandbox" else DATABASE
    prefix = f"{service.upper()}_"
    told = {
        name.removeprefix(prefix).lower()
        for name in service_environment(service, here, database)
        if name.startswith(prefix)
    }
    neighbours = {f"{other.name}_url" for other in SERVICES}
    settings: type[ServiceSettings] = importlib.import_module(f"{service}.settings").Settings
    assert told - neighbours - {"env_file"} <= set(settings.model_fields)


async def test_provider_and_payments_share_the_webhook_secret(tmp_path: Path) -> None:
    here = plan(tmp_path, public_origin="https://shop.example/")
    await ensure_secrets(here, quietly)
    sandbox, payments = (
        service_environment("sandbox", here, None),
        service_environment("payments", here, DATABASE),
    )
    theirs, ours = (
        dict(line.split("=", 1) for line in Path(environment[name]).read_text().splitlines())
        for environment, name in ((sandbox, "SANDBOX_ENV_FILE"), (payments, "PAYMENTS_ENV_FILE"))
    )
    assert theirs["SANDBOX_WEBHOOK_SECRET"] == ours["PAYMENTS_STRIPE_WEBHOOK_SECRETS"] != "''"
    assert sandbox["SANDBOX_WEBHOOK_URL"] == "http://127.0.0.1:8003/webhooks/stripe"
    assert sandbox["SANDBOX_PUBLIC_ORIGIN"] == "http://shop.example:8005"
    assert payments["PAYMENTS_PUBLIC_ORIGIN"] == "https://shop.example"


def test_accounts_are_written_once_for_their_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "accounts.json"
    write_demo(file)
    accounts = read_accounts(file)
    assert [(account.email, account.roles, account.locale) for account in accounts] == [
        ("anna@example.com", ["customer"], "en"),
        ("ivan@example.com", ["customer"], "ru"),
        ("staff@example.com", ["staff"], "en"),
    ]
    assert len({account.password for account in accounts}) == 3
    assert file.stat().st_mode & 0o777 == 0o600
    write_demo(file)
    assert read_accounts(file) == accounts


def test_a_step_is_repeated_only_when_its_inputs_changed(tmp_path: Path) -> None:
    file = tmp_path / "prepared.json"
    memory = Memory(file, keep=True)
    assert memory.differs("databases", "a")
    memory.remember("databases", "a")
    again = Memory(file, keep=True)
    assert not again.differs("databases", "a")
    assert again.differs("databases", "b")
    assert Memory(file, keep=False).differs("databases", "a")
    file.write_text('{"databases": "a')
    assert Memory(file, keep=True).differs("databases", "a")


async def test_a_failed_step_shows_what_it_said() -> None:
    with pytest.raises(StepFailed, match=r"python -m no\.such\.step failed:\n.*No module named"):
        await run_python("no.such.step", environment={})


def test_a_second_run_on_the_same_data_folder_is_refused(tmp_path: Path) -> None:
    lock = hold_data_folder(tmp_path)
    with pytest.raises(AlreadyRunning, match="Another run of the shop already uses"):
        hold_data_folder(tmp_path)
    os.close(lock)
    os.close(hold_data_folder(tmp_path))


def test_a_taken_port_names_the_service_and_its_option() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port}, wanted by cart, .* --cart-port"):
            require_free(port, host="127.0.0.1", who="cart", option="--cart-port")
    require_free(port, host="127.0.0.1", who="cart", option="--cart-port")
    with pytest.raises(
        SuiteError, match=r"cart cannot listen on 192\.0\.2\.1, port"
    ):  # an address for documentation, RFC 5737
        require_free(port, host="192.0.2.1", who="cart", option="--cart-port")


def test_reset_empties_our_folder_and_refuses_any_other(tmp_path: Path) -> None:
    ours = plan(tmp_path / "ours")
    (ours.data / "postgres").mkdir(parents=True)
    (ours.data / "accounts.json").touch()
    reset_data(ours)
    assert [entry.name for entry in ours.data.iterdir()] == ["lock"]
    home = plan(tmp_path / "home")
    home.data.mkdir()
    (home.data / "photos").mkdir()
    with pytest.raises(SuiteError, match="also holds photos: not deleted"):
        reset_data(home)
    assert (home.data / "photos").is_dir()


def test_the_terminal_gets_new_errors_only(tmp_path: Path) -> None:
    log = tmp_path / "cart.log"
    log.write_text('{"level": "error", "event": "old"}\n')
    tail = LogTail(log)
    with log.open("a") as more:
        more.write(
            '{"level": "info", "event": "request"}\n{"level": "error", "event": "bug"}\n{"level": "err'
        )
    lines = tail.new_lines()
    assert [is_error(line) for line in lines] == [False, True]
    with log.open("a") as more:
        more.write('or"}\n')
    assert tail.new_lines() == ['{"level": "error"}']
    assert is_error("2026-11-23 03:18:37 UTC [1] FATAL:  out of memory")


def test_an_old_python_is_told_which_one_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(EnvironmentFailed, match=r"needs Python 3\.11, 3\.12 or 3\.13"):
        ensure_environment("requirements.txt")


def test_a_missing_venv_module_is_answered_with_the_command_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(EnvironmentFailed, match="apt install python3-venv"):
        ensure_environment("requirements.txt")


def test_no_network_is_said_in_a_sentence(tmp_path: Path, repository: Path) -> None:
    """pip itself says the words, against a port where nobody listens."""
    (tmp_path / "requirements.txt").write_text(f"shop-needs-this==1.0 --hash=sha256:{'0' * 64}\n")
    code = (
        "import pathlib, sys; from suite import installation; installation.ROOT = pathlib.Path(sys.argv[1]); "
        "installation._install(pathlib.Path(sys.executable), 'requirements.txt')"
    )
    environment = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": "/dev/null",
    }
    python = repository / ".venv" / "bin" / "python"
    done = subprocess.run(
        [python, "-c", code, tmp_path],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "The packages could not be downloaded. The first start needs the network" in done.stderr
