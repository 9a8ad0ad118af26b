"""Each process writes straight into its own file; the terminal shows what matters of it."""

import json
from pathlib import Path
from typing import BinaryIO

LARGEST = 20 * 2**20
TAIL = 4000


def open_log(file: Path) -> BinaryIO:
    """The log, open for appending; one that has grown over 20 MB was moved to `<name>.1` first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.stat().st_size > LARGEST:
        file.replace(file.with_name(f"{file.name}.1"))
    return file.open("ab")


def last_words(file: Path, *, since: int = 0) -> str:
    """The end of the log, at most 4 000 bytes, nothing from before offset `since`."""
    if not file.exists():
        return ""
    with file.open("rb") as log:
        size = log.seek(0, 2)
        log.seek(max(since, size - TAIL))
        return log.read().decode(errors="replace").strip()


class LogTail:
    """The lines that a log gains after this object was made."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._offset = file.stat().st_size if file.exists() else 0
        self._rest = b""

    def new_lines(self) -> list[str]:
        """The complete lines written since the last call."""
        try:
            size = self.file.stat().st_size
        except FileNotFoundError:
            return []
        if size == self._offset:
            return []
        with self.file.open("rb") as log:
            if size < self._offset:
                self._offset = 0  # a new file took its place
            log.seek(self._offset)
            text = self._rest + log.read()
            self._offset = log.tell()
        *lines, self._rest = text.split(b"\n")
        return [line.decode(errors="replace") for line in lines]


def is_error(line: str) -> bool:
    """Whether a structured line is an error, or PostgreSQL says so."""
    if line.startswith("{"):
        try:
            fields = json.loads(line)
        except ValueError:
            return False
        return isinstance(fields, dict) and fields.get("level") in ("error", "critical")
    return " FATAL: " in line or " PANIC: " in line
