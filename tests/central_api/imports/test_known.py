"""Applications that an import keeps from one chunk to the next stand where the register has them, whoever acts."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from central_api.imports import import_file, importer, known
from central_api.publish import Intact, audit_verify, publish_pending
from central_api.store import Office, open_office

from .conftest import CHAIN
from .test_import import act, counts, csv_of, filed, submit, whole_chain


@pytest.fixture(autouse=True)
def row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "CHUNK", 1)


def test_a_journal_comes_back_to_its_applications(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "MOST", 3)
    journal = [*chain.from_iterable(zip(*(whole_chain(f"A-{number}") for number in range(5)), strict=True))]
    assert counts(import_file(office, csv_of(tmp_path / "old.csv", journal))) == (30, 30, 0, 0)
    publish_pending(office)
    assert isinstance(audit_verify(office), Intact)
    again = csv_of(tmp_path / "again.csv", [*journal, *journal])
    assert counts(import_file(office, again)) == (60, 0, 60, 0)


def test_no_more_are_kept_than_may_be(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "MOST", 3)
    kept: list[int] = []
    files = known.Known.files

    def counted(self: known.Known, *rest: object) -> object:
        found = files(self, *rest)  # pyright: ignore[reportArgumentType] - as it was called
        kept.append(len(found))
        return found

    monkeypatch.setattr(known.Known, "files", counted)
    rows = [*(submit(f"A-{number}") for number in range(9)), *whole_chain("B-1")]
    import_file(office, csv_of(tmp_path / "old.csv", rows))
    # Each by two names: its number there and its number here.
    assert kept == [0, 2, 4, *[6] * 12]


def test_one_application_by_both_its_numbers(office: Office, tmp_path: Path) -> None:
    import_file(office, csv_of(tmp_path / "a.csv", [submit("A-1")]))
    tracking = filed(office, "A-1").tracking
    rows = [
        act("" if day % 2 else "A-1", "approve", role, f"2026-02-{day:02d}T09:00:00Z", tracking=tracking * (day % 2))
        for day, role in enumerate(CHAIN, 3)
    ]
    assert counts(import_file(office, csv_of(tmp_path / "b.csv", rows))) == (5, 5, 0, 0)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "in_another_process"])
def test_what_is_done_between_two_chunks_is_seen(office: Office, tmp_path: Path, elsewhere: bool) -> None:
    rows = whole_chain("A-1")[:3]
    told: list[int] = []

    def acting(officer: Office) -> Callable[[int], None]:
        def tell(upto: int) -> None:
            told.append(upto)
            if len(told) == 2:
                number = filed(office, "A-1").tracking
                officer.act(number, "reject", role="head_of_department", reasons=["profession_reserved"])

        return tell

    path = csv_of(tmp_path / "old.csv", rows)
    if elsewhere:
        with open_office(office.data, clock=office.clock) as other:
            done = import_file(office, path, acting(other))
    else:
        done = import_file(office, path, acting(office))
    assert counts(done) == (3, 2, 0, 1)
    assert done.refused_file
    assert "before the last change" in done.refused_file.read_text()
