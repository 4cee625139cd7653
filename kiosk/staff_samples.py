"""The staff corner for pictures and tests: one state for each thing that its screens can say. Nobody's terminal."""

from dataclasses import replace
from typing import TYPE_CHECKING

from .field import Field, filled
from .staff_pin import MOST_DIGITS
from .staff_state import (
    CheckingPin,
    DevicesTold,
    DeviceTold,
    EnterPin,
    JournalLine,
    JournalTold,
    LanguagesTold,
    LevelsTold,
    NetworkTold,
    PinLocked,
    PinNote,
    StaffDevices,
    StaffJournal,
    StaffLanguages,
    StaffLevels,
    StaffMenu,
    StaffNetwork,
    StaffRestart,
    StaffSelfTest,
)

if TYPE_CHECKING:
    from .visit_state import ScreenLanguage, VisitState

_KINDS = ("printer", "scanner", "card_reader", "keypad")


def screens(language: "ScreenLanguage", now: int) -> "dict[str, VisitState]":
    """Return one state for each picture, by name, as of `now` (seconds since 1970, UTC)."""
    from .visit_state import ALL_LANGUAGES, PrintConfirmed, PrinterProblem, PrintFailed, PrintSent

    fine = StaffDevices(language, DevicesTold(tuple(DeviceTold(kind, "ready") for kind in _KINDS)))
    trouble = DevicesTold(
        (
            DeviceTold("printer", "unknown", "the cutter is jammed"),
            DeviceTold("scanner", "unknown", "its driver hung and is being started again"),
            DeviceTold("card_reader", "absent"),
            DeviceTold("keypad", "offline", "nothing is plugged in at its address"),
            DeviceTold("scanner", "offline", "Too many open files"),
            *(DeviceTold("printer", state) for state in ("paper_low", "paper_out", "cover_open")),
        )
    )
    up = NetworkTold(
        "https://office.labour.example", True, "", now - 40, now, (("eth0", "192.168.7.31"), ("wlan0", "10.20.0.17"))
    )
    down = NetworkTold(up.office, False, "ConnectionError", now - 93_000, None, ())
    lines = (
        JournalLine(now - 30, "staff", detail="entered"),
        JournalLine(now - 200, "link", turned=False, detail="too late"),
        JournalLine(now - 4_000, "mains", turned=True),
        JournalLine(now - 4_100, "mains", turned=False),
        JournalLine(now - 5_000, "staff", detail="volume 70%"),
        JournalLine(now - 6_000, "staff", detail="refused, 30 s to wait"),
        JournalLine(now - 9_000, "hours", turned=True),
        JournalLine(now - 90_000, "office settings", detail="of a key that nobody listed"),
        JournalLine(now - 91_000, "somethingnew", detail="it happened"),
    )
    return {
        **{f"staff-pin-{note.value}": EnterPin(language, _typed(note), note) for note in PinNote},
        "staff-locked": PinLocked(language, 27),
        "staff-locked-long": PinLocked(language, 3_590),
        "staff-checking": CheckingPin(language),
        "staff-menu": StaffMenu(language),
        "staff-devices": replace(fine, printing=True),
        "staff-devices-trouble": StaffDevices(language, trouble),
        "staff-devices-reopening": StaffDevices(language, replace(trouble, reopening=True)),
        **{
            f"staff-devices-{type(outcome).__name__.lower()}": replace(fine, printed=outcome)
            for outcome in (PrintConfirmed(), PrintSent(), PrintFailed(PrinterProblem.OFFLINE, cut_off=False))
        },
        "staff-network": StaffNetwork(language, up),
        "staff-network-down": StaffNetwork(language, down),
        "staff-network-new": StaffNetwork(language, replace(up, up=None, synced=None)),
        "staff-levels": StaffLevels(language, LevelsTold(70, 60), not_kept=True),
        "staff-levels-no-light": StaffLevels(language, LevelsTold(0, None)),
        "staff-languages": StaffLanguages(language, LanguagesTold(ALL_LANGUAGES[1:]), not_kept=True),
        "staff-journal": StaffJournal(language, JournalTold(lines * 4)),
        "staff-journal-empty": StaffJournal(language, JournalTold(())),
        "staff-restart": StaffRestart(language),
        "staff-restart-begun": StaffRestart(language, begun=True),
        "staff-selftest": StaffSelfTest(language),
    }


def _typed(note: PinNote) -> Field:
    return filled(MOST_DIGITS, "4839" if note is PinNote.TOO_SHORT else "483926")
