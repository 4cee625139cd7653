"""Starts, ends and reports survive power cuts, full disks and a week without office."""

import sqlite3
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.logbook import FILE, MOST_WAITING, Logbook


def test_a_number_is_never_given_twice(tmp_path: Path) -> None:
    for expected in range(1, 6):
        logbook = Logbook(tmp_path)
        assert logbook.next_number() == expected
        assert logbook.keep(expected, b"report")
        logbook.sent(expected)
        logbook.close()


def test_a_machine_that_starts_again_without_an_end_ended_unclean(tmp_path: Path) -> None:
    def run(boot: str, *, ends: bool) -> tuple[int, int]:
        logbook = Logbook(tmp_path)
        logbook.begin(boot)
        told = logbook.boots, logbook.unclean
        if ends:
            logbook.end()
        logbook.close()
        return told

    assert run("a", ends=True) == (1, 0)
    assert run("b", ends=False) == (2, 0)
    assert run("b", ends=False) == (2, 0), "a process that was started again is no boot"
    assert run("c", ends=True) == (3, 1)
    assert run("d", ends=True) == (4, 1)


def test_a_week_without_office_is_bounded_and_tells_its_end_best(tmp_path: Path) -> None:
    logbook = Logbook(tmp_path)
    week = 7 * 24 * 60
    for number in range(1, week + 1):
        logbook.keep(number, b"r" * 300)
        assert logbook.waiting() <= MOST_WAITING
    kept = [number for number, _ in logbook.oldest(MOST_WAITING)]
    assert kept == sorted(kept)
    assert kept[-MOST_WAITING // 4 :] == list(range(week - MOST_WAITING // 4 + 1, week + 1))
    assert kept[0] < week / 2, "something of the beginning is left"
    logbook.close()
    assert sum(path.stat().st_size for path in tmp_path.glob(f"{FILE}*")) < 2_000_000


def test_a_disk_that_takes_nothing_gives_numbers_all_the_same(tmp_path: Path) -> None:
    logbook = Logbook(tmp_path)
    assert logbook.keep(1, b"report")
    logbook._connection.execute("PRAGMA query_only = ON")  # as of a disk that went read-only
    assert not logbook.keep(logbook.next_number(), b"report")
    assert not logbook.keep(logbook.next_number(), b"report")
    logbook._connection.execute("PRAGMA query_only = OFF")
    assert logbook.next_number() == 4
    assert logbook.keep(4, b"report")
    assert logbook.next_number() == 5
    logbook.close()


def test_a_damaged_file_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\x00" * 8192)
    logbook = Logbook(tmp_path)
    assert logbook.next_number() == 1
    logbook.close()
    assert (tmp_path / f"damaged-{FILE}").exists()


def test_a_file_in_other_hands_is_not(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    try:
        Logbook(tmp_path)
    except sqlite3.OperationalError:
        assert (tmp_path / FILE).is_dir()
    else:
        raise AssertionError("a folder is no logbook")


@settings(max_examples=30)
@given(st.lists(st.sampled_from(["keep", "send", "reopen"]), max_size=40))
def test_reports_leave_in_the_order_of_their_numbers(tmp_path_factory, steps: list[str]) -> None:
    folder = tmp_path_factory.mktemp("logbook")
    logbook, left = Logbook(folder), []
    for step in steps:
        match step:
            case "keep":
                number = logbook.next_number()
                assert logbook.keep(number, b"x")
                left.append(number)
            case "send" if left:
                assert logbook.oldest(1) == [(left[0], b"x")]
                logbook.sent(left.pop(0))
            case "reopen":
                logbook.close()
                logbook = Logbook(folder)
    assert [number for number, _ in logbook.oldest(100)] == left
    logbook.close()
