"""What every fault of the terminal needs beside it: an office at work, and a slip that it gave out."""

from collections.abc import Iterator

import pytest

from tests.journeys.people import FiledSlip, OfficeDesk


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeDesk]:
    office = OfficeDesk(tmp_path_factory.mktemp("office"))
    with office.open():
        yield office


@pytest.fixture(scope="module")
def slip(office: OfficeDesk) -> FiledSlip:
    return office.files()
