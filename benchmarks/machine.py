"""What a figure was measured on: printed above every result."""

import os
import platform
import subprocess
from pathlib import Path


def description() -> str:
    """One line: processor, cores, memory, Python, commit (with `+` for a changed tree)."""
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    kilobytes = int(Path("/proc/meminfo").read_text().split()[1])
    return (
        f"{cpu}, {os.cpu_count()} cores, {kilobytes / 2**20:.0f} GiB, Python {platform.python_version()}, "
        f"commit {_git('rev-parse', '--short', 'HEAD')}{'+' if _git('status', '--porcelain') else ''}"
    )


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=False).stdout.strip()
