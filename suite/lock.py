"""One user per folder, told by a lock that all processes of that user hold."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

from suite.errors import AlreadyRunning, FolderNotWritable

GRACE_SECONDS = 0.5
HANDOVER_SECONDS = 20.0


def take_lock(path: Path, *, holder: str, handing_over: Callable[[], bool]) -> int:
    """An open descriptor that holds the lock; every process that inherits it holds it too, so it is free when the last one has ended.

    While `handing_over` says that the present holder is on its way out (its starter was killed), waits for it.
    Raises `AlreadyRunning`, which calls it `holder`, and `FolderNotWritable`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise FolderNotWritable(path.parent, reason=error.strerror or str(error)) from error
    asked_at = time.monotonic()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = time.monotonic() - asked_at
            if waited > (HANDOVER_SECONDS if handing_over() else GRACE_SECONDS):
                os.close(lock)
                raise AlreadyRunning(path.parent, holder=holder) from None
            time.sleep(0.02)
        else:
            return lock
