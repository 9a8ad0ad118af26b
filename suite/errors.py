"""What can stop the suite from starting, each with one sentence for the person at the terminal."""

import shutil
from pathlib import Path


class SuiteError(Exception):
    """The suite cannot go on; `str(error)` is the sentence to show, without a traceback."""


class PortTaken(SuiteError):
    """Another program listens on `port`."""

    def __init__(self, port: int, *, who: str, option: str) -> None:
        super().__init__(
            f"Port {port}, wanted by {who}, is taken by another program. Stop that program or choose another port with {option}."
        )
        self.port = port
        self.who = who


class AlreadyRunning(SuiteError):
    """Another process holds this data folder."""

    def __init__(self, folder: Path, *, holder: str) -> None:
        super().__init__(
            f"{holder} already uses the data folder {folder}. Stop it first, or choose another folder with --data."
        )
        self.folder = folder


class FolderNotWritable(SuiteError):
    """The data folder cannot be made, entered or written."""

    def __init__(self, folder: Path, *, reason: str) -> None:
        super().__init__(
            f"The data folder {folder} is not writable ({reason}). Change its owner or choose another folder with --data."
        )
        self.folder = folder


class DiskFull(SuiteError):
    """The file system of the data folder has too little space left."""

    def __init__(self, folder: Path, *, needed: int = 256 * 2**20) -> None:
        """`needed`: bytes that must be free."""
        free = shutil.disk_usage(folder).free
        super().__init__(
            f"Not enough disk space at {folder}: {free // 2**20} MB free, {needed // 2**20} MB needed. Free some, or choose another disk with --data."
        )
        self.folder = folder


class OtherMajorVersion(SuiteError):
    """The data folder was written by another major version of PostgreSQL."""

    def __init__(self, folder: Path, *, found: str, expected: str) -> None:
        super().__init__(
            f"The data folder {folder} was written by PostgreSQL {found}; this is PostgreSQL {expected}. "
            "Move the data with pg_dump and pg_restore, choose another folder with --data, or start afresh with --reset (all data is lost)."
        )
        self.found = found
        self.expected = expected


class ServerMissing(SuiteError):
    """No PostgreSQL binaries can be run here."""


class ServerFailed(SuiteError):
    """PostgreSQL ended, or did not become ready; the last lines of its log are in the message."""

    def __init__(self, what: str, *, log: str) -> None:
        super().__init__(f"{what}\n{log.strip()}")


class StepFailed(SuiteError):
    """A step before the services (init script, migration, seed) ended with an error; its last lines are in the message."""

    def __init__(self, step: str, *, output: str) -> None:
        super().__init__(f"{step} failed:\n{output.strip()}")
        self.step = step
