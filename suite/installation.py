"""The Python environment `.venv` with exactly the locked packages, using nothing but the standard library.

`python -m suite.installation requirements-dev.txt` from a shell; `ensure_environment` from main.py. An older Python can read this file
far enough to say that it is too old.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
NETWORK_TROUBLE = (
    "Max retries exceeded",
    "NewConnectionError",
    "name resolution",
    "No matching distribution",
    "timed out",
)


class EnvironmentFailed(Exception):
    """The environment cannot be made; the message says why and what to do."""


def ensure_environment(requirements: str) -> Path:
    """The Python of `.venv`, in which all packages of the file `requirements` are installed; repeating costs milliseconds."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise EnvironmentFailed(
            f"The shop needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}."
        )
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / f"installed-{requirements}"
    wanted = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted and python.exists():
        return python
    if not _has_pip(python):
        _make(python)
    _install(python, requirements)
    stamp.write_text(wanted)
    return python


def _has_pip(python: Path) -> bool:
    try:
        return subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def _make(python: Path) -> None:
    """An environment with pip, in place of whatever unusable thing was there."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise EnvironmentFailed(
            f"Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv (for {sys.executable}: python{version}-venv)."
        )
    print(f"Making the Python environment {ENVIRONMENT} …", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", ENVIRONMENT], capture_output=True, text=True
    )
    if made.returncode != 0 or not _has_pip(python):
        raise EnvironmentFailed(
            f"The Python environment {ENVIRONMENT} could not be made:\n{(made.stdout + made.stderr).strip()}"
        )


def _install(python: Path, requirements: str) -> None:
    total = sum(line[:1].isalnum() for line in (ROOT / requirements).read_text().splitlines())
    print(f"Installing {total} packages (only when {requirements} has changed) …", flush=True)
    command = [
        str(python),
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--disable-pip-version-check",
        "--no-input",
        "-r",
        requirements,
    ]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=_pip_environment(),
    )
    said: list[str] = []
    seen = 0
    for line in process.stdout or ():
        said.append(line)
        if line.startswith(("Collecting ", "Requirement already satisfied", "Ignoring ")):
            seen += 1
            if sys.stdout.isatty():
                print(f"\r  {seen}/{total}", end="", flush=True)
    if sys.stdout.isatty():
        print("\r\033[K", end="", flush=True)
    if process.wait() != 0:
        raise EnvironmentFailed(_explain("".join(said[-20:])))


def _pip_environment() -> dict[str, str]:
    """Ours, but fewer retries, so that a machine without network learns it in seconds."""
    return {"PIP_RETRIES": "2", "PIP_TIMEOUT": "10", **os.environ, "PIP_USER": "0"}


def _explain(words: str) -> str:
    free = shutil.disk_usage(ROOT).free // 2**20
    if "No space left on device" in words:
        return f"The packages could not be installed: the disk is full ({free} MB free at {ROOT}, about 400 MB needed)."
    if any(sign in words for sign in NETWORK_TROUBLE):
        return (
            "The packages could not be downloaded. The first start needs the network (or a mirror: set PIP_INDEX_URL, or PIP_PROXY); "
            f"later starts do not. pip said:\n{words.strip()}"
        )
    return f"The packages could not be installed. pip said:\n{words.strip()}"


if __name__ == "__main__":
    try:
        for name in sys.argv[1:]:
            ensure_environment(name)
    except EnvironmentFailed as failure:
        sys.exit(str(failure))
