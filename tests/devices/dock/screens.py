"""Every fault of the dock in every screen: how a visitor comes to the screen, and what the terminal must say then."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

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
CUT: Final = Switch("network", "cut", ("network.cut",), hides="way.card")
SWITCHES: Final = (
    MAINS,
    PAPER_OUT,
    UNPLUGGED,
    Switch("scanner", "unplugged", ("home.scanner_starting",), stops=True),
    COVER_OPEN,
    CUT,
    Switch("keypad", "unplugged"),
    STOPPED,
    PRINTER_SILENT,
    Switch("keypad", "flood"),
    Switch("scanner", "flood", ("home.scanner_starting",), stops=True),
)


def _status(dock: Bench) -> None:
    dock.presents()
    dock.sees("ShowStatus")


def _printing(dock: Bench) -> None:
    _status(dock)
    dock.touches("print")
    dock.page.locator("#papers img.hanging").wait_for()


def _place(dock: Bench) -> None:
    dock.touches("way.card")
    dock.sees("PlaceCard")


def _type(dock: Bench) -> None:
    dock.puts_in("passport")
    dock.sees("TypeKey")


def _list(dock: Bench) -> None:
    _type(dock)
    dock.touches("can")
    dock.reads("card.type.access_number")
    dock.types("314159")
    dock.touches("enter")
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
    "TypeKey": _type,
    "ShowList": _list,
    "OfferCode": _offer,
}

_GONE: Final = ("CardTrouble", "card.reader_gone.title", "card.reader_gone.now")
_NO_PAPER: Final = ("ShowStatus", "button.show_code")
_PRINTED: Final = ("Printed", "printed.title")
MEANWHILE: Final[dict[tuple[str, Switch], tuple[str, ...]]] = {
    **{("ShowStatus", switch): _NO_PAPER for switch in (MAINS, PAPER_OUT, COVER_OPEN)},
    **{("Printing", switch): _PRINTED for switch in SWITCHES},
    ("Printing", PAPER_OUT): ("NotPrinted", "not_printed.paper_out", "not_printed.code"),
    ("Printing", COVER_OPEN): ("NotPrinted", "not_printed.cover_open", "not_printed.code"),
    ("Printing", PRINTER_SILENT): ("NotPrinted", "not_printed.silent", "not_printed.code"),
    **{(screen, gone): _GONE for screen in ("PlaceCard", "TypeKey", "ShowList") for gone in (UNPLUGGED, STOPPED)},
}
"""What follows on the screen itself, and what it says; any other screen stays as it is until the visitor leaves it."""

CELLS: Final = tuple((screen, switch) for switch in SWITCHES for screen in REACH)
