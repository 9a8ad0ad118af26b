"""What must be true before the services start: secrets, databases, roles, tables, demo data. What was done is remembered and not repeated."""

import asyncio
import hashlib
import json
import signal
import sys
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from suite.environment import WEBHOOK_SECRET, administrator_environment, base_environment, owner_environment
from suite.errors import StepFailed, SuiteError
from suite.parenthood import die_with_parent
from suite.plan import Database, Plan
from suite.processes import ROOT, Service

Announce = Callable[[str], AbstractContextManager[None]]

MEMORY = "data/prepared.json"  # among the server's own files, so that it goes when they go
OLDEST_SERVER = 18
SCRIPTS = ROOT / "scripts"


async def ensure_secrets(plan: Plan, announce: Announce) -> None:
    """Every service has its keys and passwords; what is there is kept."""
    wanted = [plan.secrets / f"{name}.env" for name in plan.databases()]
    wanted += [plan.secrets / "trusted.json", plan.secrets / "sandbox.env"]
    trusted = plan.secrets / "trusted.json"
    known = set(json.loads(trusted.read_text())) if trusted.exists() else set()
    if known.issuperset(plan.databases()) and all(file.exists() for file in wanted):
        return
    services = [word for name in plan.databases() for word in ("--service", name)]
    with announce("Secrets"):
        await run_python(
            "chassis.secrets",
            str(plan.secrets),
            *services,
            "--secret",
            WEBHOOK_SECRET,
            environment=base_environment(),
        )


async def prepare(plan: Plan, database: Database, *, programs: Path, announce: Announce) -> None:
    """Databases, roles, tables and, when the plan says so, demo data are there.

    Own server: a step whose inputs (scripts, passwords, migrations) have not changed since it succeeded on this data folder is left out.
    External server: init scripts and migrations run each time (repeating them is safe), somebody else may have changed it.
    """
    if plan.database is not None:
        await _require_version(plan, database, programs=programs)
    memory = Memory(plan.cluster / MEMORY, keep=plan.database is None)
    with_database = [service for service in plan.services if service.database]
    scripts = [SCRIPTS / f"init_{service.name}_db.sh" for service in with_database]
    passwords = [
        plan.secrets / "passwords" / f"{service.name}_{role}"
        for service in with_database
        for role in ("owner", "app", "auditor")
    ]
    state = _fingerprint([*scripts, SCRIPTS / "init_db.sh", SCRIPTS / "init_db.psql", *passwords])
    if memory.differs("databases", state):
        with announce("Databases and roles"):
            environment = administrator_environment(plan, database, programs=programs)
            await _together(
                *(_run([str(script)], step=script.name, environment=environment) for script in scripts)
            )
        memory.remember("databases", state)
    await _migrate(with_database, plan, database, memory=memory, announce=announce)
    if plan.demo:
        await _seed(plan, database, memory=memory, announce=announce)


async def _migrate(
    services: list[Service], plan: Plan, database: Database, *, memory: "Memory", announce: Announce
) -> None:
    states = {
        service.name: _fingerprint((ROOT / service.name / "migrations" / "versions").glob("*.py"))
        for service in services
    }
    behind = [name for name, state in states.items() if memory.differs(f"migrations of {name}", state)]
    if not behind:
        return
    with announce("Migrations"):
        environment = base_environment()
        for name in behind:
            environment |= owner_environment(name, plan, database)
        await run_python(
            "chassis.migrate", *behind, environment=environment
        )  # in one process: alembic is imported once
        for name in behind:
            memory.remember(f"migrations of {name}", states[name])


async def _seed(plan: Plan, database: Database, *, memory: "Memory", announce: Announce) -> None:
    """Catalogue, coupons and accounts of the demonstration are there. What is loaded once is not loaded again: it is the merchant's then."""
    programs = [(f"{service.name}.demo",) for service in plan.services if service.demo]
    missing: list[tuple[str, ...]] = [program for program in programs if memory.differs(program[0], "loaded")]
    if plan.has("frontend") and memory.differs("frontend.accounts.seed", _fingerprint([plan.accounts])):
        missing.append(("frontend.accounts.seed", str(plan.accounts)))
    if not missing:
        return
    with announce("Demo data"):
        await _together(
            *(
                run_python(
                    *program, environment=owner_environment(program[0].partition(".")[0], plan, database)
                )
                for program in missing
            )
        )
    for program in missing:
        memory.remember(program[0], "loaded" if len(program) == 1 else _fingerprint([plan.accounts]))


async def _together(*work: Coroutine[object, object, object]) -> None:
    """All of it is done, or nothing goes on: when one fails the others are ended before its error is raised."""
    tasks = [asyncio.create_task(step) for step in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _require_version(plan: Plan, database: Database, *, programs: Path) -> None:
    environment = administrator_environment(plan, database, programs=programs)
    question = ["psql", "--no-psqlrc", "--no-password", "-Atc", "show server_version_num"]
    answer = await _run(
        question, step=f"Connecting to {database.host}:{database.port}", environment=environment
    )
    if (major := int(answer) // 10_000) < OLDEST_SERVER:
        raise SuiteError(
            f"The server at {database.host}:{database.port} is PostgreSQL {major}; {OLDEST_SERVER} or newer is needed."
        )


async def run_python(*arguments: str, environment: dict[str, str]) -> str:
    """What `python -m *arguments` said; it succeeded. Raises StepFailed."""
    return await _run(
        [sys.executable, "-m", *arguments], step=f"python -m {' '.join(arguments)}", environment=environment
    )


async def _run(command: list[str], *, step: str, environment: dict[str, str]) -> str:
    """What the command said; it succeeded. Raises StepFailed with the end of what it said. When we are cancelled, it is ended."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C is for us
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    text = output.decode(errors="replace")
    if process.returncode != 0:
        raise StepFailed(step, output=text[-3000:])
    return text


class Memory:
    """Which steps succeeded with which inputs, in a file of the data folder; forgets everything at once unless `keep`."""

    def __init__(self, file: Path, *, keep: bool) -> None:
        self._file = file
        self._keep = keep
        self._done: dict[str, str] = {}
        if keep and file.exists():
            with suppress(ValueError):  # cut short by a power failure: the steps are repeated
                self._done = json.loads(file.read_text())

    def differs(self, step: str, state: str) -> bool:
        """Whether the step has not yet succeeded with these inputs."""
        return self._done.get(step) != state

    def remember(self, step: str, state: str) -> None:
        """The step is left out from now on as long as its inputs stay."""
        self._done[step] = state
        if self._keep:
            draft = self._file.with_suffix(".new")
            draft.write_text(json.dumps(self._done, indent=1))
            draft.rename(self._file)


def _fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        content = file.read_bytes() if file.exists() else b""
        digest.update(f"{file.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
