"""A cluster of our own: these tests kill servers and change roles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from suite.postgres import Cluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running server whose folder has a space in its name and once held a half-made cluster."""
    folder: Path = tmp_path_factory.mktemp("own cluster")
    (folder / "data.new").mkdir()
    (folder / "data.new" / "PG_VERSION").write_text("18\n")
    cluster = Cluster(folder, durable=False)
    cluster.start()
    yield cluster
    cluster.stop()
