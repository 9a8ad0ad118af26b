"""The tables of the migrations are the tables of the models, forwards and backwards."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.postgres import Databases


def _alembic(repository: Path, dsn: str, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "cart/alembic.ini", *command],
        cwd=repository,
        env={**os.environ, "CART_OWNER_DATABASE_URL": dsn, "PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_models_and_migrations_agree_and_downgrade_leaves_nothing(
    databases: Databases, repository: Path
) -> None:
    dsn = databases.create("cart").owner
    for command in (("check",), ("downgrade", "base"), ("upgrade", "head"), ("check",)):
        done = _alembic(repository, dsn, *command)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_running_service_imports_no_orm(repository: Path) -> None:
    code = "import sys, cart.main; print({'sqlalchemy', 'alembic', 'cart.models'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "set()"
