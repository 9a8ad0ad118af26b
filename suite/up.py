"""The whole shop runs until it is told to stop."""

import asyncio
import os
import shutil
import signal
import subprocess
from functools import partial
from pathlib import Path

from suite.accounts import read_accounts
from suite.child import Child, spawn_python
from suite.display import Display
from suite.environment import service_environment
from suite.errors import DiskFull
from suite.lock import take_lock
from suite.logs import LogTail
from suite.parenthood import is_alive
from suite.plan import Database, Plan, port_option
from suite.ports import require_free
from suite.postgres import SUPERUSER, Cluster, find_binaries
from suite.preparation import ensure_secrets, prepare
from suite.processes import ROOT, Service
from suite.readiness import answers_ready
from suite.supervisor import Supervisor

SHOW_LOGS_EVERY = 0.5  # seconds
NEEDED_SPACE = 256 * 2**20  # bytes


def up(plan: Plan, display: Display) -> None:
    """Everything was started and, after Ctrl-C, SIGTERM or SIGHUP, stopped again. Raises SuiteError when it cannot be started."""
    lock = hold_data_folder(plan.data)
    if shutil.disk_usage(plan.data).free < NEEDED_SPACE:
        raise DiskFull(plan.data, needed=NEEDED_SPACE)
    for service in plan.services:
        require_free(
            plan.ports[service.name], host=plan.host, who=service.name, option=port_option(service.name)
        )
    asyncio.run(_run_until_told(Suite(plan, display, lock)))


def hold_data_folder(data: Path) -> int:
    """A descriptor that keeps others off the data folder until it is closed here and in every child. Raises AlreadyRunning, FolderNotWritable."""
    file = data / "lock"
    lock = take_lock(file, holder="Another run of the shop", handing_over=partial(_holder_is_dead, file))
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    return lock


def _holder_is_dead(file: Path) -> bool:
    """Whether the run that wrote its process id is gone (killed), so that its children will be gone in a moment."""
    pid = file.read_text().strip()
    return pid.isdigit() and not is_alive(int(pid))


async def _run_until_told(suite: "Suite") -> None:
    told = asyncio.Event()

    def tell() -> None:
        if told.is_set():
            suite.supervisor.kill()  # a second Ctrl-C: no waiting for services that finish their requests
        told.set()

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, tell)
    tasks = [asyncio.create_task(work) for work in (suite.start(), suite.show_logs())]
    waiting = asyncio.create_task(told.wait())
    try:
        await asyncio.wait({tasks[0], waiting}, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0].done():
            tasks[0].result()
            await waiting
        suite.display.stopping()
    finally:
        for task in (*tasks, waiting):
            task.cancel()
        await asyncio.gather(*tasks, waiting, return_exceptions=True)
        await suite.supervisor.stop()
    suite.display.stopped()


class Suite:
    """One run: its plan, its children, what it shows."""

    def __init__(self, plan: Plan, display: Display, lock: int) -> None:
        self.plan = plan
        self.display = display
        self.supervisor = Supervisor()
        self._lock = lock
        self._tails = {
            name: LogTail(plan.logs / f"{name}.log")
            for name in ("postgres", *(service.name for service in plan.services))
        }

    async def start(self) -> None:
        """Everything is ready. Raises SuiteError."""
        binaries = find_binaries()
        await ensure_secrets(self.plan, self.display.step)
        database = self.plan.database or await self._start_cluster()
        await prepare(self.plan, database, programs=binaries.prefix / "bin", announce=self.display.step)
        await self.supervisor.start(*(self._child(service, database) for service in self.plan.services))
        accounts = read_accounts(self.plan.accounts) if self.plan.demo else []
        self.display.started(self.plan, accounts)

    async def show_logs(self) -> None:
        """What deserves it appears at the terminal."""
        while True:
            self.display.show_logs(self._tails)
            await asyncio.sleep(SHOW_LOGS_EVERY)

    async def _start_cluster(self) -> Database:
        cluster = Cluster(
            self.plan.cluster, port=self.plan.postgres_port, log=self.plan.logs / "postgres.log"
        )

        async def is_ready() -> bool:
            return cluster.is_ready()

        child = Child(
            "postgres",
            level=0,
            log=cluster.log,
            spawn=cluster.launch,
            is_ready=is_ready,
            report=self.display.child_changed,
            stop_signal=signal.SIGINT,
            stop_seconds=30.0,
        )
        await self.supervisor.start(child)
        return Database(cluster.host, self.plan.postgres_port, SUPERUSER, cluster.password)

    def _child(self, service: Service, database: Database) -> Child:
        log = self.plan.logs / f"{service.name}.log"

        def spawn() -> subprocess.Popen[bytes]:
            return spawn_python(
                ["-m", service.name],
                folder=ROOT,
                environment=service_environment(
                    service.name, self.plan, database if service.database else None
                ),
                log=log,
                keep_open=(self._lock,),
            )

        return Child(
            service.name,
            level=service.level,
            log=log,
            spawn=spawn,
            is_ready=partial(answers_ready, self.plan.internal_address(service.name)),
            report=self.display.child_changed,
        )
