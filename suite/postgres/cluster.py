"""One PostgreSQL server over one folder."""

import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from suite.errors import DiskFull, FolderNotWritable, OtherMajorVersion, PortTaken, ServerFailed
from suite.lock import take_lock
from suite.logs import open_log
from suite.parenthood import die_with_parent, forking_beside_threads, is_alive
from suite.ports import free_port, require_free
from suite.postgres.account import account_for
from suite.postgres.binaries import Binaries, find_binaries
from suite.postgres.creation import ENVIRONMENT, SUPERUSER, create_cluster

START_SECONDS = 60.0
STOP_SECONDS = 30.0
PORT_OPTION = "--postgres-port"
OPTIONS = {"unix_socket_directories": "", "max_connections": "150", "io_method": "sync"}
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class Cluster:
    """A server whose files are all in `folder`: `data/`, `password` (the superuser's, 0600), `lock`, and `log` unless that is told to be elsewhere.

    It listens on `host`:`port` (a free one when none is given) over TCP only, and shuts down in good order when the thread that started it ends.
    `durable=False` is for tests: a crash of the machine may lose everything, a commit costs almost nothing.
    Started by root it runs as another user, see `account_for`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        durable: bool = True,
        host: str = "127.0.0.1",
        port: int | None = None,
        options: dict[str, str] | None = None,
        binaries: Binaries | None = None,
        log: Path | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.log = log or self.folder / "log"
        self.host = host
        self.port = port
        self._durable = durable
        self._options = {**OPTIONS, **({} if durable else NOT_DURABLE), **(options or {})}
        self._binaries = binaries or find_binaries()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._server.pid if self._server is not None and self._server.poll() is None else None

    @property
    def password(self) -> str:
        """The superuser's."""
        return (self.folder / "password").read_text().strip()

    def dsn(self, database: str = "postgres", *, user: str = SUPERUSER, password: str | None = None) -> str:
        """`postgresql://user:password@host:port/database`; as the superuser unless told otherwise."""
        secret = quote(self.password if password is None else password, safe="")
        return f"postgresql://{user}:{secret}@{self.host}:{self.port}/{quote(database, safe='')}"

    def start(self) -> None:
        """The server accepts connections.

        Raises `PortTaken`, `AlreadyRunning`, `OtherMajorVersion`, `DiskFull`, `FolderNotWritable`, `ServerMissing`, `ServerFailed`.
        """
        server = self.launch()
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if server.poll() is not None:
                raise self._why_it_ended()
            if time.monotonic() > deadline:
                self.stop()
                raise ServerFailed(
                    f"PostgreSQL was not ready after {START_SECONDS:.0f} s:", log=self._last_words()
                )
            time.sleep(0.01)

    def launch(self) -> subprocess.Popen[bytes]:
        """The cluster exists (it is made when the folder is empty) and its server's process runs, perhaps not ready yet; raises like `start`."""
        lock = take_lock(
            self.folder / "lock", holder="Another PostgreSQL server", handing_over=self._is_leaderless
        )
        try:
            self._require_cluster()
            if self.port is None:
                self.port = free_port(self.host)
            else:
                require_free(self.port, host=self.host, who="PostgreSQL", option=PORT_OPTION)
            # We hold the lock, so nobody serves this folder: the pid in a file left by a killed server may be a stranger's by now.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            self._server = self._spawn(lock)
        finally:
            os.close(lock)
        return self._server

    def adopt_running(self) -> bool:
        """Whether somebody else's server over this folder accepts connections; then `host`, `port` and `dsn` are its."""
        pid, status = self._pid_file()
        if status != "ready" or pid is None or not is_alive(pid):
            return False
        lines = (self.data / "postmaster.pid").read_text().splitlines()
        self.port, self.host = int(lines[3]), lines[5]
        return True

    def is_ready(self) -> bool:
        """Whether our server says that it accepts connections."""
        pid, status = self._pid_file()
        return status == "ready" and self._server is not None and pid == self._server.pid

    def stop(self) -> None:
        """The server has ended with everything on disk; open transactions are rolled back. Repeating does nothing."""
        if self._server is None:
            return
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._server.poll() is None:
                self._server.send_signal(how)
            try:
                self._server.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
        self._server = None

    def _require_cluster(self) -> None:
        version_file = self.data / "PG_VERSION"
        try:
            found = version_file.read_text().strip()
        except FileNotFoundError:
            create_cluster(self.folder, binaries=self._binaries, durable=self._durable)
            return
        except PermissionError as error:
            raise FolderNotWritable(self.data, reason="it belongs to another user") from error
        if found != self._binaries.major:
            raise OtherMajorVersion(self.data, found=found, expected=self._binaries.major)

    def _spawn(self, lock: int) -> subprocess.Popen[bytes]:
        account = account_for(self.data)
        program = self._binaries.runnable_by(account).program("postgres")
        options = {"listen_addresses": self.host, "port": str(self.port), **self._options}
        try:
            data_handle = os.open(self.data, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise FolderNotWritable(self.folder, reason=error.strerror or str(error)) from error
        try:
            with open_log(self.log) as log, forking_beside_threads():
                return subprocess.Popen(
                    [
                        *(program, "-D", account.name_of(self.data, data_handle)),
                        *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    env=ENVIRONMENT,
                    start_new_session=True,  # Ctrl-C is for us: we stop the server after its clients
                    pass_fds=(data_handle, lock),
                    preexec_fn=die_with_parent(signal.SIGINT),
                    **account.spawn_options(),
                )
        finally:
            os.close(data_handle)

    def _pid_file(self) -> tuple[int | None, str]:
        """(process id, status) as a server wrote them: lines 1 and 8 of postmaster.pid."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return None, ""
        return (int(lines[0]), lines[7].strip()) if len(lines) >= 8 else (None, "")

    def _is_leaderless(self) -> bool:
        """Whether whoever serves this folder is shutting down, or has lost its postmaster and will notice at once."""
        pid, status = self._pid_file()
        return pid is None or status == "stopping" or not is_alive(pid)

    def _last_words(self) -> str:
        return self.log.read_bytes()[-2000:].decode(errors="replace")

    def _why_it_ended(self) -> Exception:
        words = self._last_words()
        if "Address already in use" in words:
            return PortTaken(self.port or 0, who="PostgreSQL", option=PORT_OPTION)
        if "No space left on device" in words:
            return DiskFull(self.folder)
        return ServerFailed("PostgreSQL ended while starting:", log=words)
