"""`.env.example` names every setting of every service, and nothing else."""

import re
from importlib import import_module
from pathlib import Path

PACKAGES = ("frontend", "cart", "orders", "payments", "products", "sandbox")


def test_the_example_names_every_setting(repository: Path) -> None:
    named = set(re.findall(r"^#([A-Z_]+)=", (repository / ".env.example").read_text(), re.MULTILINE))
    known = {
        f"{package.upper()}_{name.upper()}"
        for package in PACKAGES
        for name in import_module(f"{package}.settings").Settings.model_fields
    }
    assert named == known
