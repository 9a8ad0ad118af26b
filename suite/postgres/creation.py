"""A new cluster, whole or not at all."""

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

from suite.errors import DiskFull, FolderNotWritable, ServerFailed
from suite.parenthood import die_with_parent, forking_beside_threads
from suite.postgres.account import Account, account_for
from suite.postgres.binaries import Binaries

SUPERUSER = "postgres"
NEEDED_SPACE = 256 * 2**20  # bytes: 40 MB of catalogues, the first WAL segments, room to work

# The same for every program of the server, whatever the shell says: messages in English, times in UTC.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def create_cluster(folder: Path, *, binaries: Binaries, durable: bool) -> None:
    """`folder/data` and `folder/password` exist. Made as `data.new` and renamed, so that an interruption leaves nothing that looks like a cluster."""
    if shutil.disk_usage(folder).free < NEEDED_SPACE:
        raise DiskFull(folder, needed=NEEDED_SPACE)
    draft = folder / "data.new"
    account = account_for(draft)
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        account.give(draft)
        password = _write_password(folder / "password")
    except OSError as error:
        raise FolderNotWritable(folder, reason=error.strerror or str(error)) from error
    done = _initdb(
        draft, password, account=account, binaries=binaries, more=() if durable else ("--no-sync",)
    )
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        if "No space left on device" in done.stderr:
            raise DiskFull(folder, needed=NEEDED_SPACE)
        raise ServerFailed("PostgreSQL could not make its data folder:", log=done.stderr[-2000:])
    draft.rename(folder / "data")


def _initdb(
    draft: Path, password: str, *, account: Account, binaries: Binaries, more: tuple[str, ...]
) -> subprocess.CompletedProcess[str]:
    """Fills `draft`. The password goes through a pipe: the server's user may not read our files."""
    program = binaries.runnable_by(account).program("initdb")
    draft_handle = os.open(draft, os.O_RDONLY | os.O_DIRECTORY)
    reader, writer = os.pipe()
    try:
        os.write(writer, password.encode())
        os.close(writer)
        account.give(reader)
        where = ("-D", account.name_of(draft, draft_handle))
        who = ("-U", SUPERUSER, f"--pwfile=/dev/fd/{reader}", "--auth=scram-sha-256")
        what = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        with forking_beside_threads():
            return subprocess.run(
                [program, *where, *who, *what, *more],
                capture_output=True,
                text=True,
                errors="replace",
                cwd="/",
                env=ENVIRONMENT,
                start_new_session=True,  # Ctrl-C is for us; it would look like a failure here
                pass_fds=(draft_handle, reader),
                preexec_fn=die_with_parent(signal.SIGTERM),
                **account.spawn_options(),
            )
    finally:
        os.close(draft_handle)
        os.close(reader)


def _write_password(path: Path) -> str:
    """A new random password is in `path`, readable by us alone."""
    password = secrets.token_urlsafe(24)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(password + "\n")
    return password
