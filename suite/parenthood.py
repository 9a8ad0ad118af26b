"""Children that die with their parent, even when it is killed with SIGKILL; and whether a process lives."""

import ctypes
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(with_signal: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` after which the kernel sends `with_signal` to the child when the thread that started it ends.

    Start children from a thread that lives as long as they shall (the main thread). Without effect where there is no prctl (macOS).
    """
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def arm() -> None:
        prctl(PR_SET_PDEATHSIG, with_signal, 0, 0, 0)
        if os.getppid() != parent:  # it died before the kernel was asked to tell us
            os.kill(os.getpid(), with_signal)

    return arm


@contextmanager
def forking_beside_threads() -> Iterator[None]:
    """Python 3.12 warns about a `preexec_fn` in a process with threads; ours only makes system calls before the exec."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def is_alive(pid: int) -> bool:
    """Whether a process with this number does anything still; one that only waits to be reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's: the next lines tell
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    return True
