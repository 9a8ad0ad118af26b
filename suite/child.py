"""One program that is kept running."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from suite.errors import ServerFailed, SuiteError
from suite.logs import last_words, open_log
from suite.parenthood import die_with_parent, forking_beside_threads

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
GOOD_LIFE = 20.0
ATTEMPTS_BEFORE_READY = 3
READY_POLL = 0.05
EXIT_POLL = 0.05


class State(StrEnum):
    """What a child is doing."""

    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    STOPPED = "stopped"


class Child:
    """A program, the way to start it, and the way to know that it is ready.

    `keep_running` restarts it when it ends, after 0.5 s, then twice as long each time up to 30 s; 20 s of life begin the series anew.
    A program that ends three times before it was ever ready is given up: then something is wrong that a restart does not mend.
    """

    def __init__(
        self,
        name: str,
        *,
        level: int,
        log: Path,
        spawn: Callable[[], subprocess.Popen[bytes]],
        is_ready: Callable[[], Awaitable[bool]],
        report: Callable[["Child"], None],
        stop_signal: signal.Signals = signal.SIGTERM,
        stop_seconds: float = 10.0,
    ) -> None:
        self.name = name
        self.level = level
        self.log = log
        self.state = State.STARTING
        self.note = ""
        self.ready = asyncio.Event()
        self._spawn = spawn
        self._is_ready = is_ready
        self._report = report
        self._stop_signal = stop_signal
        self._stop_seconds = stop_seconds
        self._stopping = asyncio.Event()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Of the running process."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    async def keep_running(self) -> None:
        """Returns after `stop`. Raises SuiteError when the program cannot be started at all."""
        pause, attempts = FIRST_PAUSE, 0
        while not self._stopping.is_set():
            started_at = time.monotonic()
            log_size = self.log.stat().st_size if self.log.exists() else 0
            reason = await self._run_once()
            if self._stopping.is_set():
                break
            attempts += 1
            if not self.ready.is_set() and attempts >= ATTEMPTS_BEFORE_READY:
                self._change(State.STOPPED)
                raise ServerFailed(
                    f"{self.name} does not start ({reason}). The end of {self.log}:",
                    log=last_words(self.log, since=log_size),
                )
            if time.monotonic() - started_at > GOOD_LIFE:
                pause = FIRST_PAUSE
            self._change(State.RESTARTING, f"{reason}; again in {pause:g} s, see {self.log}")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self._change(State.STOPPED)

    async def stop(self) -> None:
        """The program has ended: asked by its signal, killed when it has not obeyed in time. It is not restarted."""
        self._stopping.set()
        process = self._process
        if process is None:
            return
        _signal_group(process, self._stop_signal)
        try:
            async with asyncio.timeout(self._stop_seconds):
                await _ended(process)
        except TimeoutError:
            _signal_group(process, signal.SIGKILL)
            await _ended(process)

    def kill(self) -> None:
        """Ends it at once."""
        self._stopping.set()
        if self._process is not None:
            _signal_group(self._process, signal.SIGKILL)

    async def _run_once(self) -> str:
        """How the program ended, in words."""
        self._change(State.STARTING)
        try:
            process = self._process = self._spawn()
        except SuiteError as error:
            if not self.ready.is_set():
                raise
            return str(error)
        watch = asyncio.create_task(self._watch_readiness())
        try:
            code = await _ended(process)
        finally:
            watch.cancel()
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    async def _watch_readiness(self) -> None:
        while not await self._is_ready():  # noqa: ASYNC110  # it is another process, asked over a socket
            await asyncio.sleep(READY_POLL)
        if not self._stopping.is_set():
            self._change(State.READY)
            self.ready.set()

    def _change(self, state: State, note: str = "") -> None:
        self.state, self.note = state, note
        self._report(self)


def spawn_python(
    arguments: list[str],
    *,
    folder: Path,
    environment: dict[str, str],
    log: Path,
    keep_open: tuple[int, ...],
) -> subprocess.Popen[bytes]:
    """`python *arguments` in a session of its own, writing to `log`; killed by the kernel when we die. It inherits the descriptors `keep_open`."""
    with open_log(log) as output, forking_beside_threads():
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            pass_fds=keep_open,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )


async def _ended(process: subprocess.Popen[bytes]) -> int:
    """Its exit code, once it has one; the kernel tells us where it can (Linux)."""
    if process.poll() is None and hasattr(os, "pidfd_open"):
        ended = asyncio.Event()
        loop, handle = asyncio.get_running_loop(), os.pidfd_open(process.pid)
        loop.add_reader(handle, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(handle)
            os.close(handle)
    while (code := process.poll()) is None:  # noqa: ASYNC110  # where the kernel does not tell
        await asyncio.sleep(EXIT_POLL)
    return code


def _signal_group(process: subprocess.Popen[bytes], what: signal.Signals) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, what)
