"""An office in a fresh folder, whose clock stands still unless a test moves it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from central_api.store import Office, open_office


class Clock:
    """Seconds since 1970, UTC, as the test wants them."""

    def __init__(self) -> None:
        self.now = 1_795_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    with open_office(tmp_path / "office", clock=clock) as opened:
        yield opened


CHAIN = ("registry", "head_of_department", "head_of_service", "director_general", "minister")
