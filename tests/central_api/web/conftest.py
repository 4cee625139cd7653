from collections.abc import Iterator
from pathlib import Path

import pytest

from .running import Running, running


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One office process for a module, that lets loopback terminals in."""
    data: Path = tmp_path_factory.mktemp("served") / "office"
    with running(data, "--loopback-terminals") as office:
        yield office
