"""The print journal: what it says after any stop, and what it never holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printer import journal
from devices.printer.journal import Journal, JournalInUse


def test_a_job_that_ended_leaves_nothing_to_void(tmp_path):
    book = Journal(tmp_path / "journal")
    book.begun(1)
    assert book.unfinished
    book.ended(1)
    assert not book.unfinished
    book.close()
    assert not Journal(tmp_path / "journal").unfinished


def test_a_job_without_an_end_is_found_again_until_it_is_voided(tmp_path):
    for _ in range(2):
        book = Journal(tmp_path / "state" / "journal")
        if not book.unfinished:
            book.begun(7)
        book.close()
    book = Journal(tmp_path / "state" / "journal")
    assert book.unfinished
    book.voided()
    book.close()
    assert not Journal(tmp_path / "state" / "journal").unfinished


def test_two_drivers_never_share_a_journal(tmp_path):
    first = Journal(tmp_path / "journal")
    with pytest.raises(JournalInUse):
        Journal(tmp_path / "journal")
    first.close()
    Journal(tmp_path / "journal").close()


@given(st.lists(st.sampled_from(["begun", "ended", "voided"]), max_size=12), st.integers(0, 200), st.binary(max_size=9))
def test_a_torn_or_damaged_end_never_hides_an_earlier_begin(tmp_path_factory, facts, cut, noise):
    path = tmp_path_factory.mktemp("torn") / "journal"
    whole = b"begun 1\n" + b"".join(f"{fact} {number + 2}\n".encode() for number, fact in enumerate(facts))
    path.write_bytes(whole[: max(8, len(whole) - cut)] + noise.replace(b"ended 1", b"").replace(b"voided 1", b""))
    book = Journal(path)
    assert book.unfinished
    book.voided()
    book.begun(99)
    book.ended(99)
    book.close()
    again = Journal(path)
    assert not again.unfinished
    again.close()


def test_it_stays_small(tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "_COMPACT_AT", 200)
    book = Journal(tmp_path / "journal")
    for job in range(100):
        book.begun(job)
        book.ended(job)
    book.close()
    assert (tmp_path / "journal").stat().st_size < 300


def test_it_is_for_its_owner_alone(tmp_path):
    Journal(tmp_path / "journal").close()
    assert (tmp_path / "journal").stat().st_mode & 0o077 == 0
