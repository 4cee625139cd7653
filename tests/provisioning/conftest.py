"""Offices to enrol at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .enrolling_office import EnrollingOffice


@pytest.fixture
def office(tmp_path: Path) -> Iterator[EnrollingOffice]:
    office = EnrollingOffice(tmp_path / "office")
    yield office
    office.close()
