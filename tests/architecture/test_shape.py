"""Rules of the house that imports cannot say. Each is a function over files, and is shown to fail."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SERVICES = ("products", "cart", "orders", "payments", "frontend", "sandbox")
PACKAGES = ("chassis", *SERVICES, "suite")
WITHOUT_ORM = ("cart", "orders", "payments", "sandbox")
SQL = re.compile(
    r"^\s*(SELECT\s|INSERT INTO\s|UPDATE\s+\w+\s+SET\b|DELETE FROM\s|WITH\s+\w+\s+AS\s*\()", re.IGNORECASE
)

SQL_MAY_STAND_IN = re.compile(
    r"/(\w+_)?queries\.py$|/queries/|/migrations/|^chassis/(idempotency|database|migrate|queue|readiness)\.py$"
    r"|^(sandbox|suite)/|^products/demo/"
)


def _python_files(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((root / package).rglob("*.py"))


def sql_outside_queries(root: Path) -> list[str]:
    """`file:line` of each SQL text that stands in no `queries` module."""
    found = []
    for file in _python_files(root):
        name = file.relative_to(root).as_posix()
        if SQL_MAY_STAND_IN.search(name):
            continue
        found += [
            f"{name}:{node.lineno}"
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
        ]
    return found


def broad_excepts_without_reason(root: Path) -> list[str]:
    """`file:line` of each `except Exception` (or bare) whose line gives no reason."""
    found = []
    for file in _python_files(root):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if re.match(r"\s*except\s*(Exception|BaseException)?\s*(as \w+)?:", line) and not re.search(
                r"#\s*(noqa: BLE001\s+#\s*)?[a-z]{3}", line
            ):
                found.append(f"{file.relative_to(root)}:{number}")
    return found


def ignores_without_reason(root: Path) -> list[str]:
    """`file:line` of each linter or type-checker ignore that says no reason or names no rule."""
    wrong = re.compile(r"#\s*(noqa(?!: [A-Z0-9, ]+  # \S)|type: ignore(?!\[[\w, -]+\]  # \S))")
    return [
        f"{file.relative_to(root)}:{number}"
        for file in _python_files(root)
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if wrong.search(line)
    ]


def floats_of_money(root: Path) -> list[str]:
    """`file:line` of each call of float(), or of Decimal() that is not just for showing, where money is reckoned with."""
    found = []
    for package in ("products", "cart", "orders", "payments"):
        for file in sorted((root / package).rglob("*.py")):
            found += [
                f"{file.relative_to(root)}:{node.lineno}"
                for node in ast.walk(ast.parse(file.read_text()))
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("float", "Decimal")
                and ".scaleb(" not in file.read_text().splitlines()[node.lineno - 1]
            ]
    return found


def images_with_foreign_code(root: Path) -> list[str]:
    """Each service's Dockerfile that copies anything but the lock, chassis and its own package."""
    found = []
    for service in SERVICES:
        copied = re.findall(r"^COPY (\S+)", (root / service / "Dockerfile").read_text(), re.MULTILINE)
        if copied != ["requirements.txt", "chassis", service]:
            found.append(f"{service}: {copied}")
    return found


RULES: list[tuple[Callable[[Path], list[str]], str, str]] = [
    (sql_outside_queries, "cart/routes.py", 'LIST = "SELECT * FROM carts"\n'),
    (broad_excepts_without_reason, "cart/routes.py", "try:\n    pass\nexcept Exception:\n    pass\n"),
    (ignores_without_reason, "cart/routes.py", "x = 1  # type" + ": ignore\n"),
    (floats_of_money, "orders/rules.py", "total = float('1.10')\n"),
    (
        images_with_foreign_code,
        "cart/Dockerfile",
        "COPY requirements.txt .\nCOPY chassis chassis\nCOPY orders orders\n",
    ),
]


@pytest.mark.parametrize("rule", [rule for rule, _, _ in RULES], ids=lambda rule: rule.__name__)
def test_rule_holds(rule: Callable[[Path], list[str]], repository: Path) -> None:
    assert rule(repository) == []


@pytest.mark.parametrize(("rule", "place", "offence"), RULES, ids=[rule.__name__ for rule, _, _ in RULES])
def test_rule_can_fail(rule: Callable[[Path], list[str]], place: str, offence: str, tmp_path: Path) -> None:
    for service in SERVICES:
        (tmp_path / service).mkdir()
        image = f"COPY requirements.txt .\nCOPY chassis chassis\nCOPY {service} {service}\n"
        (tmp_path / service / "Dockerfile").write_text(image)
    assert rule(tmp_path) == []
    (tmp_path / place).write_text(offence)
    assert len(rule(tmp_path)) == 1


@pytest.mark.parametrize("service", WITHOUT_ORM)
def test_hot_services_run_without_the_orm(service: str, repository: Path) -> None:
    code = f"import sys, {service}.main; sys.exit('sqlalchemy' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=repository, timeout=60, check=False).returncode == 0
    )
