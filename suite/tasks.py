"""Commands beside `up`, on a shop that runs or not."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from suite.display import Display
from suite.environment import owner_environment
from suite.errors import AlreadyRunning, SuiteError
from suite.plan import Database, Plan
from suite.postgres import SUPERUSER, Cluster, find_binaries
from suite.preparation import ensure_secrets, prepare, run_python
from suite.up import hold_data_folder


def reset_data(plan: Plan) -> None:
    """The data folder is empty. Raises AlreadyRunning, or SuiteError when it holds anything else than ours."""
    if plan.database is not None:
        raise SuiteError(
            "--reset deletes the data folder; it does not touch the server of --database-url. Drop the databases there yourself."
        )
    ours = {"lock", "postgres", "secrets", "logs", "accounts.json", "sandbox", "media"}
    strange = sorted({entry.name for entry in plan.data.iterdir()} - ours) if plan.data.exists() else []
    if strange:
        raise SuiteError(f"{plan.data} also holds {', '.join(strange)}: not deleted. Is it the right folder?")
    lock = hold_data_folder(plan.data)
    try:
        for entry in plan.data.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != "lock":
                entry.unlink()
    finally:
        os.close(lock)


def seed(plan: Plan, display: Display) -> None:
    """The demo catalogue and the demo accounts are there."""
    with _database(plan) as database:
        asyncio.run(_prepare(plan, database, display))


def create_staff(email: str, plan: Plan, display: Display) -> None:
    """There is a staff account with this e-mail address; its one-time password was shown."""
    plan = replace(plan, demo=False)
    with _database(plan) as database:
        asyncio.run(_prepare(plan, database, display))
        environment = owner_environment("frontend", plan, database)
        display.text(
            asyncio.run(run_python("frontend.accounts.create_staff", email, environment=environment)).strip()
        )


async def _prepare(plan: Plan, database: Database, display: Display) -> None:
    await ensure_secrets(plan, display.step)
    await prepare(plan, database, programs=find_binaries().prefix / "bin", announce=display.step)


@contextmanager
def _database(plan: Plan) -> Iterator[Database]:
    """The server with the databases: the external one, the one of the running shop, or ours, started for as long as the block lasts."""
    if plan.database is not None:
        yield plan.database
        return
    cluster = Cluster(plan.cluster, log=plan.logs / "postgres.log")
    try:
        cluster.start()
    except AlreadyRunning:
        if not cluster.adopt_running():
            raise
    try:
        yield Database(cluster.host, cluster.port or 0, SUPERUSER, cluster.password)
    finally:
        cluster.stop()
