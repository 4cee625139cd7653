"""`kiosk visit` by itself: what it reports, and what it refuses in one line."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.command_line import parser, settings_of
from kiosk.entry_state import CodeNote, EnterCode, EnterNumber, NumberNote
from kiosk.field import filled
from kiosk.visit import NumberInMind, ScannerLine, SlipInHand, Visit, VisitFailed
from kiosk.visit_state import Closed, ClosedUntil, Home, OutOfOrder, PrinterHealth, Problem, ProblemKind, Way


def kiosk(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "kiosk", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=90)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ([], "give --settings FILE"),
        (["--printer", "usb"], "usb"),
        (["--scanner", "tcp:1:2"], "tcp:1:2"),
        (["--size", "wide"], "WIDTHxHEIGHT"),
        (["--size", "99999x99999"], "--size: expected"),
        (["--size", "1080x²"], "WIDTHxHEIGHT"),
        (["--data", ""], "--data: expected"),
        (["--office", "ftp://office.example"], "--office: expected an address"),
        (["visit", "--number", "26318283312"], "--code: 8 digits"),
        (["visit", "--number", "26-31", "--code", "40817352"], "--number: 11 digits"),
        (["visit", "--slip", "x", "--code", "40817352"], "--code: belongs to a --number"),
        (["--settings", "/nowhere/at/all.toml"], "/nowhere/at/all.toml"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(tmp_path: Path, wrong: list[str], why: str) -> None:
    where = ["--office", "http://127.0.0.1:9", "--data", str(tmp_path / "terminal")] if wrong else []
    command = wrong[:1] if wrong[:1] == ["visit"] else []
    done = kiosk(*command, *where, *wrong[len(command) :])
    assert done.returncode == 2
    assert done.stderr.startswith("kiosk: ")
    assert why in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_data_folder_that_cannot_be_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = kiosk("--office", "http://127.0.0.1:9", "--data", str(tmp_path / "file" / "terminal"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "file" in done.stderr


def test_what_is_said_before_the_command_counts_as_after_it(tmp_path: Path) -> None:
    """They were dropped without a word: `--office` and `--data` before `visit` were asked for again."""
    before = parser(None).parse_args(
        ["--office", "http://127.0.0.1:9", "--data", str(tmp_path), "--json", "visit", "--slip", "x"]
    )
    assert settings_of(before).data == tmp_path
    assert before.json
    test = parser(None).parse_args(
        ["--scanner", "serial:/dev/ttyACM7", "selftest", "--office", "http://127.0.0.1:9", "--data", str(tmp_path)]
    )
    assert settings_of(test).scanner == "serial:/dev/ttyACM7"


@pytest.mark.parametrize(
    ("brings", "why"),
    [
        (["--slip", "/nowhere/slip.png"], "there is no picture /nowhere/slip.png"),
        (["--slip", "x", "--shots", "/proc/shots"], "--shots /proc/shots: "),
    ],
)
def test_a_picture_or_folder_that_cannot_be_is_told_before_a_window_opens(
    tmp_path: Path, brings: list[str], why: str
) -> None:
    """A mistyped file was shown as a slip's code; a folder that nobody may make ended in a traceback."""
    done = kiosk("visit", "--office", "http://127.0.0.1:9", "--data", str(tmp_path / "terminal"), *brings)
    assert done.returncode == 1
    assert done.stderr.startswith(f"kiosk: {why}")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "terminal").exists()


def test_a_terminal_that_never_heard_of_an_office_is_out_of_order(tmp_path: Path) -> None:
    where = ("--office", "http://127.0.0.1:9", "--data", str(tmp_path / "terminal"))
    done = kiosk("visit", *where, "--slip", "7" * 4096, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "out_of_order"


class Window:
    """An app that only takes note of being stopped."""

    stopped = False

    def stop(self) -> None:
        self.stopped = True

    def redraw(self) -> None:
        self.redrawn = True


class StillClock:
    """Kivy's clock is one for the whole process: what a visit left in it would fire in another test's window."""

    def schedule_once(self, *_: object) -> None: ...

    def schedule_interval(self, *_: object) -> None: ...


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    monkeypatch.setattr("kivy.clock.Clock", StillClock())
    scanner = ScannerLine()
    return Visit(
        Window(),
        brings=SlipInHand(b"x"),
        language="ar",
        wants_paper=False,
        shots=None,
        scanner=scanner,
        settled=lambda: True,
    )


HOME = Home("ar", scanner_ready=True, printer=PrinterHealth.OK, link_cut=False)
OFFERS = replace(HOME, ways=frozenset({Way.NUMBER}))


def test_each_screen_awaited_is_a_step_with_its_time(visit: Visit) -> None:
    visit.drawn(Home("ar", scanner_ready=False, printer=PrinterHealth.OK, link_cut=False))
    assert visit.report.steps == []
    visit.drawn(HOME)
    visit.drawn(Problem("ar", ProblemKind.NOT_A_SLIP))
    assert [step["name"] for step in visit.report.steps] == ["start to ready", "scan to complete status"]
    assert visit.report.outcome == "not_a_slip"
    visit.drawn(HOME)
    assert visit._app.stopped
    assert visit.failure is None


def typing(monkeypatch: pytest.MonkeyPatch, home: Home, tracking: str = "26318283312") -> Visit:
    """A visitor with a number in mind, who types it as far as home offers it."""
    monkeypatch.setattr("kivy.clock.Clock", StillClock())
    brings = NumberInMind(tracking, "40817352")
    visit = Visit(
        Window(),
        brings=brings,
        language="ar",
        wants_paper=False,
        shots=None,
        scanner=ScannerLine(),
        settled=lambda: True,
    )
    visit.drawn(home)
    if home.ways:
        visit.drawn(EnterNumber("ar"))
        for at in range(10):
            visit.drawn(EnterNumber("ar", filled(11, tracking[: at + 1])))
    return visit


def test_with_the_office_away_a_number_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = typing(monkeypatch, HOME)
    assert visit.report.steps == []
    for _ in range(3):
        visit._watch()
    visit.drawn(HOME)
    assert visit.report.outcome == "unreachable"
    assert visit._app.stopped


def test_a_number_with_a_wrong_digit_ends_there(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = typing(monkeypatch, OFFERS, "26318283313")
    visit.drawn(EnterNumber("ar", filled(11, "26318283313"), NumberNote.WRONG_DIGIT))
    visit.drawn(HOME)
    assert visit.report.outcome == "wrong_digit"
    assert visit._app.stopped
    assert [step["name"] for step in visit.report.steps].count("touch to digit") == 11


def test_a_code_that_does_not_belong_to_the_number_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = typing(monkeypatch, OFFERS)
    visit.drawn(EnterNumber("ar", filled(11, "26318283312")))
    code = EnterCode("ar", "26318283312")
    for at in range(9):
        visit.drawn(replace(code, typed=filled(8, "40817352"[:at])))
    visit.drawn(replace(code, tries_left=2, note=CodeNote.NO_MATCH))
    visit.drawn(HOME)
    assert visit.report.outcome == "no_match"


def test_a_screen_that_never_comes_fails_it(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visit._watch()
    assert visit._app.redrawn  # home may have been ready before the office was heard
    monkeypatch.setattr("kiosk.visit.STEP_SECONDS", -1.0)
    visit._watch()
    assert isinstance(visit.failure, VisitFailed)
    assert "start to ready" in str(visit.failure)
    assert visit._app.stopped


def test_closed_is_an_outcome(visit: Visit) -> None:
    visit.drawn(Closed("ar", ClosedUntil()))
    assert visit.report.outcome == "closed"
    assert visit._app.stopped


def test_out_of_order_is_an_outcome(visit: Visit) -> None:
    visit.drawn(OutOfOrder("ar"))
    assert visit.report.outcome == "out_of_order"
    assert visit._app.stopped
