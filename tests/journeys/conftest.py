"""A lobby for each journey: an office that serves, a terminal, and no printer until one is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .people import LobbyTerminal, OfficeDesk


@pytest.fixture
def office(tmp_path: Path) -> OfficeDesk:
    """An office whose doors are still closed: `with office.open():`."""
    return OfficeDesk(tmp_path)


@pytest.fixture
def open_office(office: OfficeDesk) -> Iterator[OfficeDesk]:
    """An office that serves."""
    with office.open():
        yield office


@pytest.fixture
def terminal(tmp_path: Path, office: OfficeDesk) -> LobbyTerminal:
    """The terminal of that office's lobby."""
    return LobbyTerminal(tmp_path, office)
