"""Every fault of the dock in every screen: how a visitor comes to the screen, and what the terminal must say then."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kiosk.words import words_of
from tests.devices.dock.peers import Bench


@dataclass(frozen=True, slots=True)
class Switch:
    """device, fault: on the page, or mains. says: what home tells of it, by the keys of its words.

    hides: the way in that home does not offer meanwhile. stops: after a while home itself is gone.
    """

    device: str
    fault: str
    says: tuple[str, ...] = ()
    hides: str = ""
    stops: bool = False

    def __str__(self) -> str:
        return f"{self.device} {self.fault}"


MAINS: Final = Switch("mains", "lost", ("home.no_paper",))
PAPER_OUT: Final = Switch("printer", "paper-out", ("home.no_paper",))
COVER_OPEN: Final = Switch("printer", "cover-open", ("home.no_paper",))
PRINTER_SILENT: Final = Switch("printer", "silent")
UNPLUGGED: Final = Switch("reader", "unplugged", hides="way.card")
STOPPED: Final = Switch("reader", "stopped", hides="way.card")
SCANNER_GONE: Final = Switch("scanner", "unplugged", ("home.scanner_starting",), stops=True)
CUTTER: Final = Switch("printer", "cutter-jammed")
ANOTHER: Final = Switch("printer", "another-model")
SILENT: Final = Switch("network", "silent", ("network.cut",), hides="way.card")
CUT: Final = Switch("network", "cut", ("network.cut",), hides="way.card")
SWITCHES: Final = (
    MAINS,
    PAPER_OUT,
    UNPLUGGED,
    SCANNER_GONE,
    COVER_OPEN,
    CUT,
    Switch("keypad", "unplugged"),
    STOPPED,
    PRINTER_SILENT,
    Switch("keypad", "flood"),
    Switch("scanner", "flood", ("home.scanner_starting",), stops=True),
    SILENT,
    Switch("network", "slow"),
    CUTTER,
    ANOTHER,
)


def _status(dock: Bench) -> None:
    dock.presents()
    dock.sees("ShowStatus")


def _printing(dock: Bench) -> None:
    _status(dock)
    dock.touches("print")
    dock.page.locator("#papers img.hanging").wait_for()


def _reading(dock: Bench) -> None:
    """The office is asked, and for a while does not answer."""
    dock.breaks("network", "silent")
    dock.drops(dock.stranger.picture)
    dock.sees("Reading")


def _services(dock: Bench) -> None:
    dock.touches("way.other_services")
    dock.sees("OtherServices")


def _place(dock: Bench) -> None:
    dock.touches("way.card")
    dock.sees("PlaceCard")


def _type(dock: Bench) -> None:
    dock.puts_in("passport")
    dock.sees("TypeKey")


def _types_can(dock: Bench) -> None:
    dock.sees("TypeKey")
    dock.touches("can")
    dock.reads("card.type.access_number")
    dock.types("314159")
    dock.touches("enter")


def _reading_card(dock: Bench) -> None:
    dock.puts_in("passport", "slow")
    _types_can(dock)
    dock.sees("ReadingCard")


def _list(dock: Bench) -> None:
    dock.puts_in("passport")
    _types_can(dock)
    dock.sees("ShowList")


def _offer(dock: Bench) -> None:
    dock.puts_in("uid")
    dock.sees("OfferCode")


def _number(dock: Bench) -> None:
    dock.touches("way.number")
    dock.sees("EnterNumber")


REACH: Final[dict[str, Callable[[Bench], None]]] = {
    "Home": lambda dock: dock.sees("Home"),
    "ShowStatus": _status,
    "PlaceCard": _place,
    "Printing": _printing,
    "EnterNumber": _number,
    "OtherServices": _services,
    "Reading": _reading,
    "ReadingCard": _reading_card,
    "TypeKey": _type,
    "ShowList": _list,
    "OfferCode": _offer,
}

_GONE: Final = ("CardTrouble", "card.reader_gone.title", "card.reader_gone.now")
_UNREACHABLE: Final = ("CardTrouble", "card.unreachable.title", "card.unreachable.now")
_NO_PAPER: Final = ("ShowStatus", "button.show_code")
_PRINTED: Final = ("Printed", "printed.title")
MEANWHILE: Final[dict[tuple[str, Switch], tuple[str, ...]]] = {
    **{("ShowStatus", switch): _NO_PAPER for switch in (MAINS, PAPER_OUT, COVER_OPEN)},
    **{("Printing", switch): _PRINTED for switch in SWITCHES},
    **{("Reading", switch): ("Problem", "problem.unreachable.title", "problem.unreachable.now") for switch in SWITCHES},
    **{("ReadingCard", switch): ("ShowList",) for switch in SWITCHES},
    **{("ReadingCard", switch): _UNREACHABLE for switch in (CUT, SILENT)},
    ("Printing", PAPER_OUT): ("NotPrinted", "not_printed.paper_out", "not_printed.code"),
    ("Printing", COVER_OPEN): ("NotPrinted", "not_printed.cover_open", "not_printed.code"),
    ("Printing", PRINTER_SILENT): ("NotPrinted", "not_printed.silent", "not_printed.code"),
    ("Printing", CUTTER): ("NotPrinted", "not_printed.silent", "not_printed.code"),
    **{
        (screen, gone): _GONE
        for screen in ("PlaceCard", "TypeKey", "ShowList", "ReadingCard")
        for gone in (UNPLUGGED, STOPPED)
    },
}
"""What follows on the screen itself, and what it says; any other screen stays as it is until the visitor leaves it."""

CELLS: Final = tuple(
    # No hand is quick enough to put another printer there while a paper comes out.
    (screen, switch)
    for switch in SWITCHES
    for screen in REACH
    if (screen, switch) != ("Printing", ANOTHER)
)

TYPING_THE_CODE: Final = tuple(switch for switch in SWITCHES if switch.device != "reader")
"""Pulled one after the other while the code of an SMS is typed: an office sends a card three codes a day."""

NAMES: Final = {
    "Home": "home",
    "ShowStatus": "where the application is",
    "PlaceCard": "waits for the card",
    "Printing": "printing",
    "EnterNumber": "typing the number",
    "OtherServices": "the guide: other services",
    "Reading": "a slip is looked up",
    "ReadingCard": "a card is read",
    "TypeKey": "typing what opens the card",
    "ShowList": "list of applications",
    "OfferCode": "offers a code",
    "TypeCode": "typing the code",
}
_VISIT: Final = {
    "Printed": "goes on, with the paper",
    "NotPrinted": "goes on: the receipt is a code on the screen",
    "Problem": "ends; the slip can be shown again",
    "CardTrouble": "goes on by slip",
    "ShowList": "goes on",
    "ShowStatus": "goes on: the receipt is a code on the screen",
}


def row(screen: str, switch: Switch) -> dict[str, str]:
    """What docs/faults.md says of a cell: the visitor's words in English, and whether the visit goes on."""
    words = words_of("en")
    then, *keys = MEANWHILE.get((screen, switch), (screen,))
    reads = " · ".join(map(words, keys)) or "the same as before"
    visit = "goes on" if then == screen and not keys else _VISIT[then]
    if screen == "ReadingCard" and then == "ShowList":
        reads = "his applications"
    if screen == "Home":
        told = [*map(words, switch.says), *(["home does not offer the card"] if switch.hides else [])]
        reads, visit = " · ".join(told) or "the same as before", "begins"
        if switch.stops:
            reads, visit = f"{reads}; after a while: {words('out_of_order.title')}", "begins once it is mended"
    return {"screen": NAMES[screen], "switch": str(switch), "reads": reads, "visit": visit}
