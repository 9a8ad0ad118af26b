"""The process runner, with tiny programs: restarts, giving up, order of stopping, no orphans."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from suite import child as child_module
from suite.child import Child, State, spawn_python
from suite.errors import ServerFailed
from suite.parenthood import is_alive
from suite.supervisor import Supervisor

READY_FOR_GOOD = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
DEAF = "import pathlib, signal, sys, time; signal.signal(15, signal.SIG_IGN); pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
STARTS_A_CHILD_AND_WAITS = """
import sys, time
from pathlib import Path
from suite.child import spawn_python
log = Path(sys.argv[1])
child = spawn_python(["-c", "import time; time.sleep(60)"], folder=log.parent, environment={}, log=log, keep_open=())
print(child.pid, flush=True)
time.sleep(60)
"""


class Watched:
    """A child that runs `program`, and the states it went through. It is ready when it has made its file."""

    def __init__(
        self, name: str, program: str, folder: Path, *, level: int = 1, stop_seconds: float = 10
    ) -> None:
        self.file = folder / f"{name}.ready"
        self.log = folder / f"{name}.log"
        self.states: list[str] = []
        self.folder = folder
        self.program = program
        self.child = Child(
            name,
            level=level,
            log=self.log,
            spawn=self._spawn,
            is_ready=self._is_ready,
            report=lambda child: self.states.append(child.state),
            stop_seconds=stop_seconds,
        )

    def _spawn(self) -> subprocess.Popen[bytes]:
        self.file.unlink(missing_ok=True)
        arguments = ["-c", self.program, str(self.file)]
        return spawn_python(arguments, folder=self.folder, environment={}, log=self.log, keep_open=())

    async def _is_ready(self) -> bool:
        return self.file.exists()


async def until(what: Watched, state: State) -> None:
    async with asyncio.timeout(20):
        while what.child.state is not state:
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "FIRST_PAUSE", 0.02)


async def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    supervisor, shop = Supervisor(), Watched("shop", READY_FOR_GOOD, tmp_path)
    await supervisor.start(shop.child)
    first = shop.child.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(shop, State.RESTARTING)
    assert "killed by SIGKILL; again in 0.02 s" in shop.child.note
    await until(shop, State.READY)
    assert shop.child.pid not in (None, first)
    await supervisor.stop()
    assert shop.states == ["starting", "ready", "restarting", "starting", "ready", "stopped"]
    assert shop.child.pid is None


async def test_pauses_double_up_to_the_longest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "LONGEST_PAUSE", 0.05)
    crashing = Watched(
        "crashing",
        "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(.2); sys.exit(3)",
        tmp_path,
    )
    notes: list[str] = []
    task = asyncio.create_task(crashing.child.keep_running())
    while len(notes) < 4:
        await until(crashing, State.RESTARTING)
        notes.append(crashing.child.note.partition(",")[0])
        await until(crashing, State.STARTING)
    await crashing.child.stop()
    await task
    assert notes == [
        f"ended with exit code 3; again in {pause} s" for pause in ("0.02", "0.04", "0.05", "0.05")
    ]


async def test_a_child_that_never_becomes_ready_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor()
    good, bad = (
        Watched("good", READY_FOR_GOOD, tmp_path),
        Watched("bad", "raise SystemExit('no such table')", tmp_path),
    )
    with pytest.raises(
        ServerFailed, match=r"bad does not start \(ended with exit code 1\)(.|\n)*no such table"
    ):
        await supervisor.start(good.child, bad.child)
    assert bad.states.count("starting") == child_module.ATTEMPTS_BEFORE_READY
    await supervisor.stop()
    assert good.child.pid is None


async def test_higher_levels_stop_first_and_the_deaf_are_killed(tmp_path: Path) -> None:
    supervisor = Supervisor()
    below, above = (
        Watched("below", READY_FOR_GOOD, tmp_path),
        Watched("above", DEAF, tmp_path, level=2, stop_seconds=0.2),
    )
    await supervisor.start(below.child, above.child)
    lower, upper = below.child.pid, above.child.pid
    assert lower is not None
    assert upper is not None
    stopping = asyncio.create_task(supervisor.stop())
    while is_alive(lower):
        await asyncio.sleep(0.01)
    assert not is_alive(upper)
    await stopping


def test_a_killed_runner_leaves_no_orphan(tmp_path: Path, repository: Path) -> None:
    command = [sys.executable, "-c", STARTS_A_CHILD_AND_WAITS, str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdout is not None
        orphan = int(runner.stdout.readline())
        assert is_alive(orphan)
        runner.kill()
    deadline = time.monotonic() + 10
    while is_alive(orphan) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(orphan)
