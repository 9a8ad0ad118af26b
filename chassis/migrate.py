"""Migrations: `python -m chassis.migrate PACKAGE` brings a service's database to the code's head.

A step of its own, as the owner role, never at application start. When the stored head is the code's
already, alembic is not even imported.
"""

import asyncio
import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from chassis.settings import dsn_with_password

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData

REVISION = re.compile(r"^revision(?:: str)? = [\"']([^\"']+)[\"']", re.MULTILINE)
DOWN_REVISION = re.compile(r"^down_revision(?:: [^=]+)? = [\"']([^\"']+)[\"']", re.MULTILINE)


class NoSingleHead(RuntimeError):
    """A service's migrations have no head or more than one."""


def package_folder(package: str) -> Path:
    """The folder of an importable package, without importing it. Raises ModuleNotFoundError."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(spec.submodule_search_locations[0])


def code_head(package: str) -> str:
    """The newest revision among `package/migrations/versions`. Raises NoSingleHead."""
    texts = [file.read_text() for file in (package_folder(package) / "migrations" / "versions").glob("*.py")]
    revisions = {found[1] for text in texts if (found := REVISION.search(text))}
    older = {found[1] for text in texts if (found := DOWN_REVISION.search(text))}
    if len(heads := revisions - older) != 1:
        raise NoSingleHead(f"{package}: {sorted(heads)}")
    return heads.pop()


def owner_dsn(package: str) -> str:
    """The address of `package`'s database for its owner, from `<PACKAGE>_OWNER_DATABASE_URL` and `…_PASSWORD`."""
    prefix = package.upper()
    password = os.environ.get(f"{prefix}_OWNER_DATABASE_PASSWORD", "")
    file = os.environ.get(f"{prefix}_OWNER_ENV_FILE")
    if file and not password:
        lines = dict(line.split("=", 1) for line in Path(file).read_text().splitlines() if "=" in line)
        password = lines.get(f"{prefix}_OWNER_DATABASE_PASSWORD", "").strip("'\"")
    return dsn_with_password(os.environ[f"{prefix}_OWNER_DATABASE_URL"], password)


async def stored_head(dsn: str) -> str | None:
    """The revision the database is at; None before the first migration."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        head: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return head
    finally:
        await connection.close()


def migrate(package: str) -> bool:
    """The database is at the code's head afterwards; whether anything had to be done."""
    if asyncio.run(stored_head(owner_dsn(package))) == code_head(package):
        return False
    from alembic import command
    from alembic.config import Config

    command.upgrade(Config(package_folder(package) / "alembic.ini"), "head")
    return True


def run(package: str, metadata: "MetaData") -> None:
    """The body of every `migrations/env.py`: runs alembic against the owner's address, in one transaction."""
    asyncio.run(_run(owner_dsn(package), metadata))


async def _run(dsn: str, metadata: "MetaData") -> None:
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    engine = create_async_engine(dsn.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_upgrade, metadata)
        await connection.commit()
    await engine.dispose()


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    """Whether the models must know a thing of the database: all but the queue's own tables (`chassis.queue`)."""
    return not (kind == "table" and name is not None and name.startswith("pgqueuer"))


def _upgrade(connection: "Connection", metadata: "MetaData") -> None:
    from alembic import context

    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_server_default=True,
        include_name=_is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        done = "migrated" if migrate(name) else "up to date"
        sys.stdout.write(f"{name}: {done} ({code_head(name)})\n")
