"""The databases and roles that `scripts/init_*_db.sh` make: repeatable, and closed to each other."""

import os
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from suite.postgres import SUPERUSER, Cluster, find_binaries

SERVICES = ("products", "cart", "orders", "payments", "frontend")


def environment(cluster: Cluster, **more: str) -> Mapping[str, str]:
    return {
        "PATH": f"{find_binaries().program('psql').parent}:{os.environ['PATH']}",
        "PGHOST": cluster.host,
        "PGPORT": str(cluster.port),
        "PGUSER": SUPERUSER,
        "PGPASSWORD": cluster.password,
        **more,
    }


def passwords(service: str) -> dict[str, str]:
    return {
        f"{service.upper()}_{role}_PASSWORD": f'{service} {role} it\'s "odd" \\ :x'
        for role in ("OWNER", "APP", "AUDITOR")
    }


def start(service: str, scripts: Path, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    command = ["bash", str(scripts / f"init_{service}_db.sh")]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.fixture(scope="module")
def scripts() -> Path:
    return Path(__file__).parent.parent.parent / "scripts"


@pytest.fixture(scope="module")
def initialised(cluster: Cluster, scripts: Path) -> Cluster:
    """All five scripts ran, at the same time, each of them twice."""
    runs = [
        start(service, scripts, environment(cluster, **passwords(service)))
        for service in SERVICES
        for _ in "12"
    ]
    said = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0] * len(runs), said
    assert said == [""] * len(runs)
    return cluster


@asynccontextmanager
async def connected(
    cluster: Cluster, role: str, database: str
) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    service, _, part = role.partition("_")
    dsn = cluster.dsn(
        database, user=role, password=passwords(service)[f"{service.upper()}_{part.upper()}_PASSWORD"]
    )
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_no_role_of_one_service_opens_the_database_of_another(
    initialised: Cluster, service: str
) -> None:
    for other in SERVICES:
        for part in ("owner", "app", "auditor"):
            if other == service:
                async with connected(initialised, f"{service}_{part}", other) as connection:
                    assert await connection.fetchval("SELECT current_database()") == other
            else:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with connected(initialised, f"{service}_{part}", other):
                        pass


async def test_owner_migrates_app_writes_rows_auditor_reads(initialised: Cluster) -> None:
    async with connected(initialised, "cart_owner", "cart") as owner:
        await owner.execute("CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY, name text)")
    async with connected(initialised, "cart_app", "cart") as app:
        await app.execute("INSERT INTO things (name) VALUES ('a'), ('b')")
        await app.execute("UPDATE things SET name = 'c' WHERE name = 'a'")
        await app.execute("DELETE FROM things WHERE name = 'b'")
        for statement in (
            "CREATE TABLE own ()",
            "DROP TABLE things",
            "TRUNCATE things",
            "CREATE TEMP TABLE own ()",
            "CREATE SCHEMA own",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(statement)
    async with connected(initialised, "cart_auditor", "cart") as auditor:
        assert await auditor.fetchval("SELECT string_agg(name, ',') FROM things") == "c"
        for statement in (
            "INSERT INTO things (name) VALUES ('d')",
            "UPDATE things SET name = 'd'",
            "DELETE FROM things",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await auditor.execute(statement)


async def test_products_can_search_by_similarity_and_without_accents(initialised: Cluster) -> None:
    async with connected(initialised, "products_app", "products") as app:
        assert await app.fetchval("SELECT similarity('kettle', 'kettel') > 0.3")
        assert await app.fetchval("SELECT unaccent('Café')") == "Cafe"


async def test_databases_are_alike_whatever_the_server_was_made_with(initialised: Cluster) -> None:
    async with connected(initialised, "orders_app", "orders") as app:
        row = await app.fetchrow(
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = 'orders'"
        )
        assert row is not None
        assert dict(row) == {"datlocprovider": b"b", "datlocale": "C.UTF-8", "encoding": "UTF8"}


async def test_passwords_come_from_files_too_and_a_new_one_replaces_the_old(
    initialised: Cluster, scripts: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "passwords"
    folder.mkdir()
    for part in ("owner", "app", "auditor"):
        (folder / f"frontend_{part}").write_text(f"from the file of {part}\n")
    run = start("frontend", scripts, environment(initialised, SECRETS_DIR=str(tmp_path)))
    assert run.communicate(timeout=60)[0] == ""
    connection = await asyncpg.connect(
        initialised.dsn("frontend", user="frontend_app", password="from the file of app")
    )
    await connection.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        async with connected(initialised, "frontend_app", "frontend"):
            pass
    restored = start("frontend", scripts, environment(initialised, **passwords("frontend")))
    assert restored.communicate(timeout=60)[0] == ""


def test_a_missing_password_is_named(cluster: Cluster, scripts: Path, tmp_path: Path) -> None:
    run = start("cart", scripts, environment(cluster, SECRETS_DIR=str(tmp_path)))
    assert "no password for the role cart_owner: set CART_OWNER_PASSWORD" in run.communicate(timeout=60)[0]
    assert run.returncode == 1


def test_sourcing_leaves_the_caller_as_it_was(cluster: Cluster, scripts: Path) -> None:
    """As the container image does with a script that is not executable."""
    script = f'source "{scripts}/init_cart_db.sh"; echo "${{OWNER_PASSWORD-unset}} ${{PGUSER-unset}} $-"'
    plain = {
        name: value for name, value in environment(cluster, **passwords("cart")).items() if name != "PGUSER"
    }
    done = subprocess.run(
        ["bash", "-c", script],
        env={**plain, "POSTGRES_USER": SUPERUSER},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "unset unset hBc\n", "")
