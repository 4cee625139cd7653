"""The staff corner on a whole terminal: by five keys and by touch, with its real devices, over a restart."""

import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.flow.knock import KEYS
from kiosk.staff_pin import hash_pin

from .people import OfficeDesk, StandingTerminal, TactileKeypad, printer, standing, wait_for

PIN = "483926"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_pin(PIN)


def _enters(terminal: StandingTerminal, keypad: TactileKeypad) -> None:
    keypad.presses(*KEYS)
    terminal.sees("EnterPin")
    terminal.writes("٤٨٣٩٢٦")
    terminal.presses("confirm")
    terminal.sees("StaffMenu")


def _told(terminal: StandingTerminal, room: str) -> dict[str, Any]:
    """Give what a room tells, once it does."""
    shown = terminal.sees(room)
    while shown["told"] is None:
        shown = terminal.sees(room)
    return shown["told"]


def test_a_technician_looks_changes_tests_and_starts_the_terminal_anew(
    open_office: OfficeDesk, tmp_path: Path, hashed: str
) -> None:
    slip = open_office.files()
    keypad = TactileKeypad(tmp_path / "keypad")
    with printer(tmp_path) as lobby_printer:
        options = ("--keypad", keypad.address, "--staff-pin", hashed)
        with standing(tmp_path, open_office.url, *options, printer=lobby_printer.address) as terminal:
            terminal.ready(printer="ok")
            keypad.presses(*KEYS)
            terminal.sees("EnterPin")
            terminal.dials("000111")
            terminal.presses("confirm")
            terminal.sees("EnterPin", note="wrong")
            terminal.presses("finish")
            terminal.sees("Home")
            _enters(terminal, keypad)

            terminal.presses("staff.devices")
            states = {device["kind"]: device["state"] for device in _told(terminal, "StaffDevices")["devices"]}
            assert states == {"printer": "ready", "scanner": "ready", "card_reader": "absent", "keypad": "ready"}
            terminal.presses("test_page")
            terminal.sees("StaffDevices", printing=True)
            terminal.sees("StaffDevices", printing=False, printed={})
            assert len(list((tmp_path / "paper").glob("*.png"))) == 1
            terminal.goes_to("reopen")
            terminal.presses("back")

            terminal.presses("staff.network")
            told = _told(terminal, "StaffNetwork")
            assert (told["office"], told["up"]) == (open_office.url, True)
            terminal.presses("back")

            terminal.presses("staff.levels")
            terminal.sees("StaffLevels", told={"volume": 70, "brightness": None})
            terminal.goes_to("volume.less")
            terminal.sees("StaffLevels", told={"volume": 60, "brightness": None})
            terminal.presses("back")
            terminal.presses("staff.languages")
            terminal.sees("StaffLanguages", told={"offered": ["ar", "fr", "en"]})
            terminal.presses("offer.fr")
            terminal.sees("StaffLanguages", told={"offered": ["ar", "en"]})
            terminal.presses("back")

            terminal.presses("staff.selftest")
            terminal.sees("StaffSelfTest", test="Overview")
            terminal.presses("leave")
            terminal.sees("StaffMenu")
            terminal.presses("staff.restart")
            terminal.sees("StaffRestart")
            terminal.presses("restart")
            wait_for("the end, after which its service starts it again", lambda: terminal._process.poll() == 0)
        assert "visit-open" not in {path.name for path in (tmp_path / "terminal").iterdir()}, "no power was cut"

        with standing(tmp_path, open_office.url, *options, printer=lobby_printer.address) as terminal:
            home = terminal.ready(printer="ok")
            assert home["languages"] == ["ar", "en"]
            _enters(terminal, keypad)
            terminal.presses("staff.journal")
            lines = _told(terminal, "StaffJournal")["lines"]
            told = [line["detail"] for line in lines if line["event"] == "staff"]
            assert told[::-1] == [
                "refused",
                "entered",
                "devices",
                "volume 60%",
                "languages ar en",
                "self-test",
                "restart",
                "entered",
            ]
            terminal.presses("finish")
            terminal.sees("Home")
            terminal.scanner.reads(slip.url)
            terminal.sees("ShowStatus")
        assert PIN not in terminal.journal
        assert not any(
            PIN.encode() in path.read_bytes() for path in (tmp_path / "terminal").rglob("*") if path.is_file()
        )
        assert json.loads((tmp_path / "terminal" / "staff-settings.json").read_text())["volume"]["now"] == 60


def test_without_a_pin_there_is_no_staff_corner(open_office: OfficeDesk, tmp_path: Path) -> None:
    keypad = TactileKeypad(tmp_path / "keypad")
    with standing(tmp_path, open_office.url, "--keypad", keypad.address) as terminal:
        terminal.ready()
        keypad.presses(*KEYS)
        keypad.presses("down")
        terminal.left()
        assert {screen["drawn"] for screen in terminal.screens} <= {"Home", "OutOfOrder"}
