"""The PIN's door: what is kept of wrong ones, over restarts and kills, and what is believed of nothing."""

import signal
import sqlite3
import subprocess
import sys

import pytest

from kiosk.staff_book import MOST_KEPT, StaffBook
from kiosk.staff_door import StaffDoor
from kiosk.staff_events import CannotCount, Opened, Refused, Waits
from kiosk.staff_pin import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT, hash_pin, is_pin, judge_hash, wait_after, why_weak

PIN, WRONG = "483926", "111222"


@pytest.fixture(scope="module")
def hashed():
    return hash_pin(PIN)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def door_in(data, hashed, clock):
    return StaffDoor(StaffBook(data), hashed, clock)


def test_waits_grow_and_a_right_pin_ends_them(tmp_path, hashed):
    clock = Clock()
    door = door_in(tmp_path, hashed, clock)
    verdicts = [door.judge(WRONG) for _ in range(FREE_TRIES)]
    assert verdicts == [Refused(), Refused(), Waits(FIRST_WAIT)]
    assert door.judge(PIN) == Waits(FIRST_WAIT), "nobody looks at a PIN meanwhile"
    waits = []
    for _ in range(9):
        clock.now += door.wait
        verdict = door.judge(WRONG)
        assert isinstance(verdict, Waits)
        waits.append(verdict.seconds)
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    clock.now += LONGEST_WAIT
    assert door.judge(PIN) == Opened()
    assert [door.judge(WRONG), door.judge(WRONG)] == [Refused(), Refused()], "the count began anew"


def test_a_restart_shortens_no_wait_and_a_clock_that_is_set_forward_neither(tmp_path, hashed):
    clock = Clock()
    door = door_in(tmp_path, hashed, clock)
    for _ in range(FREE_TRIES):
        door.judge(WRONG)
    clock.now += FIRST_WAIT - 1
    clock.now = 0.0  # another start: the machine counts from nothing
    again = door_in(tmp_path, hashed, clock)
    assert again.judge(PIN) == Waits(FIRST_WAIT)
    clock.now += FIRST_WAIT
    assert again.judge(WRONG) == Waits(2 * FIRST_WAIT)


def test_a_plug_pulled_between_count_and_verdict_takes_no_try_back(tmp_path, hashed):
    tries = (
        "import os, signal, sys; from pathlib import Path; from kiosk import staff_door\n"
        "from kiosk.staff_book import StaffBook\n"
        "staff_door.is_pin = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "staff_door.StaffDoor(StaffBook(Path(sys.argv[1])), sys.argv[2]).judge('000000')\n"
    )
    for _ in range(FREE_TRIES):
        killed = subprocess.run([sys.executable, "-c", tries, str(tmp_path), hashed], check=False)
        assert killed.returncode == -signal.SIGKILL
    assert door_in(tmp_path, hashed, Clock()).judge(PIN) == Waits(FIRST_WAIT)


def test_a_try_that_cannot_be_counted_is_not_judged(tmp_path, hashed, monkeypatch):
    book = StaffBook(tmp_path)
    door = StaffDoor(book, hashed, Clock())

    def full() -> int:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(book, "count_try", full)
    assert door.judge(PIN) == CannotCount()


def test_guessing_for_a_year_finds_one_pin_in_a_hundred(hashed):
    """A million PINs; whoever stands there day and night gets some 24 tries a day."""
    tries, seconds = 0, 0
    while seconds < 365 * 24 * 3600:
        seconds += wait_after(tries) or 1
        tries += 1
    assert tries < 10_000
    assert why_weak("123456") and why_weak("777777") and why_weak("987654") and why_weak("12345") and why_weak("1234x6")
    assert why_weak(PIN) is None


def test_only_a_hash_stands_in_the_settings(hashed):
    assert judge_hash(hashed) == hashed
    assert is_pin(hashed, PIN) and not is_pin(hashed, WRONG)
    assert hash_pin(PIN) != hashed, "a salt of its own each time"
    for wrong in (
        PIN,
        483926,
        None,
        hashed[:-10],
        hashed.replace("argon2id", "argon2i"),
        hashed.replace("19456", "999999"),
    ):
        with pytest.raises(ValueError, match="expected") as refused:
            judge_hash(wrong)
        assert PIN not in str(refused.value)


def test_the_book_keeps_the_last_entries_and_outlives_its_process(tmp_path):
    book = StaffBook(tmp_path)
    for number in range(MOST_KEPT + 20):
        book.note(number, f"entry {number}")
    book.close()
    entries = StaffBook(tmp_path).of_earlier_runs(1000)
    assert len(entries) == MOST_KEPT
    assert entries[0].what == f"entry {MOST_KEPT + 19}"
    assert (tmp_path / "logbook.sqlite").exists()


def test_what_was_noted_in_this_very_second_is_told_apart_by_its_run_and_not_by_its_time(tmp_path):
    book = StaffBook(tmp_path)
    book.note(7, "restart")
    book.close()
    after = StaffBook(tmp_path)
    after.note(7, "entered")
    after.note(6, "the clock was set back")
    assert [entry.what for entry in after.of_earlier_runs(10)] == ["restart"]
