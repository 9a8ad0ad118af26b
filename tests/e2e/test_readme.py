"""What the README tells people to type works as it stands, but for the ports."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.shop import RunningShop, paid_in_time

pytestmark = pytest.mark.xdist_group("shop")

EXAMPLES = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _examples(repository: Path, readme: str, shop: RunningShop) -> list[str]:
    text = (repository / readme).read_text()
    return [
        re.sub(r"localhost:800(\d)", lambda found: f"localhost:{shop.port_base + int(found[1])}", example)
        for example in EXAMPLES.findall(text)
    ]


def _run(example: str, folder: Path, environment: dict[str, str]) -> str:
    command = ["bash", "-euo", "pipefail", "-c", example]
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr + run.stdout
    return run.stdout


@pytest.mark.parametrize("readme", ["README.md", "README.ru.md"])
def test_the_examples_run(shop: RunningShop, repository: Path, tmp_path: Path, readme: str) -> None:
    password = shop.password("anna@example.com")
    environment = {**os.environ, "SHOP_EMAIL": "anna@example.com", "SHOP_PASSWORD": password}
    purchase, signed_in = (
        _run(example, tmp_path, environment) for example in _examples(repository, readme, shop)
    )
    assert f'"pay_at": "{shop.address("sandbox")}' in purchase
    assert int(signed_in) >= 0
    order = json.loads((tmp_path / "order.json").read_text())
    assert paid_in_time(shop, order["id"], order["order_token"])


def test_both_readmes_show_the_same_commands(repository: Path) -> None:
    english, russian = ((repository / name).read_text() for name in ("README.md", "README.ru.md"))

    def commands(text: str) -> list[str]:
        code = "\n".join(EXAMPLES.findall(text)) + "\n".join(re.findall(r"^    \S.*$", text, re.MULTILINE))
        return [line for line in code.splitlines() if not line.strip().startswith("#")]

    assert commands(english) == commands(russian)
