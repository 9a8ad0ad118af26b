"""Seconds from the command to the first page, fresh and warm, and the memory of the idle shop.

    python -m benchmarks.startup [--runs 3] [--port-base 8100]

Memory is PSS (proportional set size: pages shared by n processes count 1/n in each), summed over every process of
the shop, PostgreSQL included, ten seconds after the first page.
"""

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import description

PATIENCE_SECONDS = 180.0
IDLE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds to the first page, and megabytes of PSS by process when idle."""

    seconds: float
    megabytes: dict[str, float]


def start_once(data: Path, port_base: int) -> Start:
    """Starts the shop on `data`, waits for its first page and for calm, measures, stops it in good order."""
    command = [sys.executable, "-m", "suite", "up", "--data", str(data), "--port-base", str(port_base)]
    began = time.monotonic()
    with (data.parent / "output").open("ab") as output:
        shop = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        seconds = _first_page(f"http://127.0.0.1:{port_base}/", shop, began)
        time.sleep(IDLE_SECONDS)
        return Start(seconds, _memory(shop.pid))
    finally:
        shop.send_signal(signal.SIGINT)
        shop.wait(60)


def _first_page(address: str, shop: subprocess.Popen[bytes], began: float) -> float:
    while time.monotonic() - began < PATIENCE_SECONDS:
        if shop.poll() is not None:
            raise RuntimeError(f"the shop ended with {shop.returncode}")
        try:
            request = urllib.request.Request(address, headers={"Accept": "text/html"})  # noqa: S310  # our own address
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                answer.read()
                return time.monotonic() - began
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"no page within {PATIENCE_SECONDS:.0f} s")


def _memory(root: int) -> dict[str, float]:
    """Process name → megabytes of PSS, for `root` and everything below it."""
    parents = {int(path.name): _parent(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    total: Counter[str] = Counter()
    for pid in family:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
        total[_name(pid)] += int(found[1]) if found else 0
    return {name: kilobytes / 1024 for name, kilobytes in total.most_common()}


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    if "-m" in words:
        return words[words.index("-m") + 1]
    return "postgres" if "postgres" in words[0] else Path(words[0]).name


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--port-base", type=int, default=8100)
    given = parser.parse_args()
    print(description())
    with tempfile.TemporaryDirectory(prefix="shop-startup-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103  # PostgreSQL runs as another user when we are root
        data = Path(folder) / "data"
        fresh = start_once(data, given.port_base)
        warm = [start_once(data, given.port_base) for _ in range(given.runs)]
    print(f"fresh data folder to first page: {fresh.seconds:.1f} s")
    seconds = [start.seconds for start in warm]
    print(
        f"warm to first page: {min(seconds):.1f} / {statistics.median(seconds):.1f} / {max(seconds):.1f} s (min / median / max of {given.runs})"
    )
    memory = warm[-1].megabytes
    print(
        f"idle memory: {sum(memory.values()):.0f} MB PSS: "
        + ", ".join(f"{name} {size:.0f}" for name, size in memory.items())
    )


if __name__ == "__main__":
    main()
