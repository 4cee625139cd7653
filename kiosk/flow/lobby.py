"""What the flow knows of the terminal itself, visit or no visit: its devices, link, mains and hours."""

from typing import Final, TypeAlias, assert_never

from kiosk.camera import PaperHeld, PaperSeen
from kiosk.card_events import ReaderChanged
from kiosk.entry_events import DeskHoursChanged
from kiosk.guide_events import GuideChanged
from kiosk.guide_state import Guide
from kiosk.visit_events import (
    LanguagesChanged,
    LinkChanged,
    MainsChanged,
    OpeningChanged,
    PrinterChanged,
    ScannerChanged,
    ServiceChanged,
    WaysChanged,
)
from kiosk.visit_state import Closed, ClosedUntil, Home, OutOfOrder, PrinterHealth, PrinterProblem, ScreenLanguage, Way

# Seconds.
SCANNER_MISSED_AFTER: Final = 10.0
READER_MISSED_AFTER: Final = 3.0  # its service is back sooner when it is started again

LobbyEvent: TypeAlias = (
    PrinterChanged
    | ScannerChanged
    | LinkChanged
    | MainsChanged
    | ServiceChanged
    | OpeningChanged
    | LanguagesChanged
    | WaysChanged
    | DeskHoursChanged
    | GuideChanged
    | PaperSeen
    | ReaderChanged
)

_WHY: Final = {
    PrinterHealth.PAPER_OUT: PrinterProblem.PAPER_OUT,
    PrinterHealth.COVER_OPEN: PrinterProblem.COVER_OPEN,
    PrinterHealth.OFFLINE: PrinterProblem.OFFLINE,
}


class Lobby:
    """`language` is the terminal's own, `languages` those that home offers, `now` monotonic seconds."""

    def __init__(self, language: ScreenLanguage, languages: tuple[ScreenLanguage, ...], now: float) -> None:
        self.withdrawn = False
        self.closed: ClosedUntil | None = None
        self._language: ScreenLanguage = language
        self._languages = languages
        self._printer = PrinterHealth.UNKNOWN
        self._scanner_ready = False
        self._scanner_lost = now
        self._reader_lost: float | None = None
        self.link_cut = True
        self.ways: frozenset[Way] = frozenset()
        self.desk_hours: tuple[tuple[int, int], ...] | None = None
        self._on_mains = True
        self.guide: Guide | None = None
        self._held: PaperHeld | None = None

    @property
    def language(self) -> ScreenLanguage:
        """The terminal's own language; the first that is offered where the office leaves that one out."""
        return self._language if self._language in self._languages else self._languages[0]

    @property
    def may_print(self) -> bool:
        """A paper that is begun on the battery may be cut off: what is in hand is finished, and nothing is begun."""
        return self._on_mains and self._printer.may_print

    @property
    def may_ask_codes(self) -> bool:
        """Whether number and secret code can be asked about just now."""
        return Way.NUMBER in self.ways

    @property
    def why_no_paper(self) -> PrinterProblem:
        """Why no paper can come, while `may_print` is false."""
        return _WHY[self._printer] if self._on_mains else PrinterProblem.ON_BATTERY

    def misses_card_reader(self, now: float) -> bool:
        """Whether the card reader has been gone for so long that nobody should be told to put a card there."""
        return self._reader_lost is not None and now - self._reader_lost >= READER_MISSED_AFTER

    def changed(self, event: LobbyEvent, now: float) -> None:  # noqa: PLR0912 - one event a line
        """Take note of a change of the terminal."""
        match event:
            case PrinterChanged(health):
                self._printer = health
            case ScannerChanged(ready):
                if self._scanner_ready and not ready:
                    self._scanner_lost = now
                self._scanner_ready = ready
            case ReaderChanged(ready):
                self._reader_lost = None if ready else self._reader_lost or now
            case LinkChanged(up):
                self.link_cut = not up
            case MainsChanged(on):
                self._on_mains = on
            case ServiceChanged(withdrawn):
                self.withdrawn = withdrawn
            case OpeningChanged(closed):
                self.closed = closed
            case LanguagesChanged(languages):
                self._languages = languages
            case WaysChanged(ways):
                self.ways = ways
            case DeskHoursChanged(hours):
                self.desk_hours = hours
            case GuideChanged(guide):
                self.guide = guide
            case PaperSeen(held):
                self._held = held
            case _:
                assert_never(event)

    def at_rest(
        self, chosen: ScreenLanguage | None, *, presented: bool, dimmed: bool, now: float
    ) -> Home | Closed | OutOfOrder:
        """Return what the screen shows while nobody is here. `presented`: a slip, to a terminal that is closed."""
        language = chosen or self.language
        if self.withdrawn:
            return OutOfOrder(language, withdrawn=True)
        if self.closed is not None:
            return Closed(language, self.closed, presented, self._languages)
        if not self._scanner_ready and now - self._scanner_lost >= SCANNER_MISSED_AFTER:
            return OutOfOrder(language)
        printer = self._printer if self._on_mains else PrinterHealth.OFFLINE
        held = self._held if self._scanner_ready else None
        return Home(language, self._scanner_ready, printer, self.link_cut, dimmed, self._languages, self.ways, held)
