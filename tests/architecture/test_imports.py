"""The import rules hold, and each of them can fail."""

import subprocess
import sys
from pathlib import Path

import pytest

CONTRACTS = {
    "The applications are independent of each other": ("cart", "import orders\n"),
    "chassis knows no application": ("chassis", "import cart\n"),
    "suite starts the applications as processes and imports none": ("suite", "import payments\n"),
}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def test_the_import_rules_hold(repository: Path) -> None:
    result = _lint(repository)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("contract", CONTRACTS)
def test_each_import_rule_can_fail(contract: str, repository: Path, tmp_path: Path) -> None:
    for package in ("chassis", "products", "cart", "orders", "payments", "frontend", "sandbox", "suite"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text((repository / "pyproject.toml").read_text())
    assert _lint(tmp_path).returncode == 0
    package, offence = CONTRACTS[contract]
    (tmp_path / package / "offender.py").write_text(offence)
    result = _lint(tmp_path)
    assert result.returncode != 0
    assert f"{contract} BROKEN" in result.stdout
