"""Assets copied from other projects are exactly the files their ``VENDOR.md`` names, byte for byte."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("frontend/static/vendor", "frontend/static/fonts", "chassis/static/swagger-ui")
ROW = re.compile(
    r"^\| `(?P<name>[^`]+)` \| (?P<package>\S+) \| (?P<version>\S+) \| (?P<licence>\S+) \| `(?P<sha256>[0-9a-f]{64})` \|$",
    re.MULTILINE,
)
ELSEWHERE = re.compile(rb"""(?:src|href)=["'](?:https?:)?//|@import\s+["'(]|url\(["']?(?:https?:)?//""")


def differences(folder: Path) -> list[str]:
    """What is wrong with a folder of vendored files: changed, missing or unlisted ones; empty when all is well."""
    listed = {
        row["name"]: row["sha256"] for row in ROW.finditer((folder / "VENDOR.md").read_text(encoding="utf-8"))
    }
    present = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.iterdir()
        if file.name != "VENDOR.md"
    }
    return sorted(
        [f"{name} is missing" for name in listed.keys() - present.keys()]
        + [f"{name} is not in VENDOR.md" for name in present.keys() - listed.keys()]
        + [f"{name} was changed" for name in listed.keys() & present.keys() if listed[name] != present[name]]
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_vendored_files_are_the_published_ones(folder: str) -> None:
    assert differences(ROOT / folder) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_vendored_folder_carries_its_licence(folder: str) -> None:
    assert [file for file in (ROOT / folder).iterdir() if file.name.startswith("LICENSE")]


def test_vendored_styles_load_nothing_from_elsewhere() -> None:
    styles = [file for folder in FOLDERS for file in (ROOT / folder).glob("*.css")]
    assert len(styles) == 2
    assert [file.name for file in styles if ELSEWHERE.search(file.read_bytes())] == []


def test_a_changed_a_missing_and_an_unlisted_file_are_noticed(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"as published").hexdigest()
    rows = "".join(
        f"| `{name}` | package | 1.0.0 | MIT | `{digest}` |\n"
        for name in ("kept.js", "changed.js", "missing.js")
    )
    (tmp_path / "VENDOR.md").write_text(rows, encoding="utf-8")
    (tmp_path / "kept.js").write_bytes(b"as published")
    (tmp_path / "changed.js").write_bytes(b"as patched")
    (tmp_path / "stowaway.js").write_bytes(b"as published")
    assert differences(tmp_path) == [
        "changed.js was changed",
        "missing.js is missing",
        "stowaway.js is not in VENDOR.md",
    ]
