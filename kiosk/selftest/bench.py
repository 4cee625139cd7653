"""What the self-test of one terminal does: its devices, its machine, its office. Knows no toolkit.

Every method ends by a deadline and may be called from any thread; those that move paper or wait for hands are called
one at a time.
"""

from collections.abc import Callable
from pathlib import Path
from threading import Condition
from typing import TYPE_CHECKING, Final, assert_never

from central_api.contract.readiness import Outcome, Part, Readiness, encode_readiness
from central_api.contract.readiness_paper import readiness_text
from devices.events import (
    DeviceEvent,
    PrintEnded,
    PrinterChanged,
    PrintProgress,
    ScannerChanged,
    ScannerOverlong,
    ScannerRead,
)
from devices.printer.outcome import Confirmed, NotPrinted, PrintOutcome, Sent
from devices.printer.states import CoverOpen, Offline, PaperLow, PaperOut, PrinterState, Unknown
from devices.raster import Raster
from devices.scanner.states import ScannerOffline, ScannerReady, ScannerState
from kiosk.machine import SYSTEM
from kiosk.settings import Settings
from kiosk.settings_in_force import in_force

from .cards import check_cards
from .deadlines import within
from .disk import check_disk
from .endings import Sending, Slip
from .findings import Finding, readiness_of
from .panel import check_panel, check_touch_present
from .papers import lay_out_code, lay_out_slip, new_code
from .power import check_power
from .sound import check_sound_present, play_tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.identity import Identity
    from kiosk.visit_state import ScreenLanguage

# Seconds.
PRINT_WITHIN: Final = 20.0
MACHINE_WITHIN: Final = 10.0
OFFICE_WITHIN: Final = 25.0
STATE_WITHIN: Final = 5.0
CARDS_WITHIN: Final = 15.0
_FIRST_WORD: Final = "starting"
_JOURNAL: Final = "selftest-journal"


class Bench:
    """The bench of one terminal.

    `system` is the root of the machine's files; `shown` the pixels of the window, where there is one.
    """

    def __init__(
        self,
        settings: Settings,
        identity: "Identity | None" = None,
        *,
        system: Path = SYSTEM,
        shown: tuple[int, int] | None = None,
    ) -> None:
        from devices.supervisor import Supervisor

        self.settings, _ = in_force(settings, identity)
        self.name = self.settings.name
        self.site = identity.site if identity else ""
        self._identity = identity
        self._url = self.settings.office_url
        self._system = system
        self._shown = shown
        self._code: bytes | None = None
        self._job = 0
        self._said = Condition()
        self._printer: PrinterState = Unknown(_FIRST_WORD)
        self._scanner: ScannerState | None = None
        self._read: list[bytes] = []
        self._ended: dict[int, PrintOutcome] = {}
        self._devices = Supervisor(
            scanner=settings.scanner,
            printer=settings.printer,
            journal=settings.data / _JOURNAL,
            width_dots=settings.width_dots,
            profile=settings.printer_profile,
        )

    def start(self) -> None:
        """Start the drivers of printer and scanner."""
        self._devices.start(self._device_said)

    def stop(self) -> None:
        """End the drivers."""
        self._devices.stop()

    def machine_checks(self) -> "Mapping[Part, Callable[[], Finding]]":
        """Return the checks that need neither hands nor paper; those of parts that do say what is known without."""

        def bounded(seconds: float, part: Part, check: Callable[[], Finding]) -> Callable[[], Finding]:
            return lambda: within(seconds, part, check)

        return {
            Part.PANEL: bounded(MACHINE_WITHIN, Part.PANEL, self.check_panel),
            Part.TOUCH: bounded(MACHINE_WITHIN, Part.TOUCH, lambda: check_touch_present(self._system)),
            Part.SOUND: bounded(MACHINE_WITHIN, Part.SOUND, lambda: check_sound_present(self._system)),
            Part.DISK: bounded(MACHINE_WITHIN, Part.DISK, lambda: check_disk(self.settings.data, self._system)),
            Part.POWER: bounded(MACHINE_WITHIN, Part.POWER, lambda: check_power(self._system)),
            Part.CLOCK: bounded(OFFICE_WITHIN, Part.CLOCK, self._check_clock),
            Part.NETWORK: bounded(OFFICE_WITHIN, Part.NETWORK, self._check_network),
            Part.SCANNER: bounded(MACHINE_WITHIN, Part.SCANNER, self.check_scanner_present),
            Part.PRINTER: bounded(MACHINE_WITHIN, Part.PRINTER, self.check_printer_present),
            Part.CARD_READER: bounded(CARDS_WITHIN, Part.CARD_READER, lambda: self.read_card(0.0)),
        }

    def check_panel(self) -> Finding:
        return check_panel(self.settings, self._shown, self._system)

    def _check_clock(self) -> Finding:
        from .office import Contact, check_clock

        return check_clock(Contact(self._url, self._identity))

    def _check_network(self) -> Finding:
        from .office import Contact, check_network

        return check_network(Contact(self._url, self._identity))

    # ---- printer ----

    def check_printer_present(self) -> Finding:
        """Say what is known of the printer before anything is printed."""
        if self.settings.printer == "none":
            return Finding(Part.PRINTER, "not_set")
        self._await(lambda: self._printer != Unknown(_FIRST_WORD), STATE_WITHIN)
        stopped = _STOPPED.get(type(self._printer))
        return Finding(Part.PRINTER, stopped or "not_tried")

    def print_code(self, language: "ScreenLanguage") -> Finding:
        """Print the code that the scanner is to read; `read_code` then takes no other."""
        if self.settings.printer == "none":
            return Finding(Part.PRINTER, "not_set")
        code = new_code()
        outcome = self._print(lay_out_code(code, language, self.settings.width_dots))
        if not isinstance(outcome, NotPrinted):
            self._code = code
        return Finding(Part.PRINTER, self._told_of(outcome))

    def print_slip(self, findings: "Mapping[Part, Finding]", language: "ScreenLanguage", now: int) -> Slip:
        """Print the readiness slip, dated and signed as of `now` (seconds since 1970, UTC, by this machine's clock)."""
        from kiosk.receipts import PrintedAt

        slip = lay_out_slip(
            findings,
            language,
            width_dots=self.settings.width_dots,
            terminal=self.name,
            site=self.site,
            printed_at=PrintedAt(now, trusted=findings[Part.CLOCK].outcome is Outcome.PASSED),
            signed=self._signed(readiness_of(findings, taken=now, terminal=self.name)),
        )
        match outcome := self._print(slip):
            case Confirmed():
                return Slip.PRINTED
            case Sent():
                return Slip.SENT
            case NotPrinted():
                return Slip.NOT_PRINTED
            case _:
                assert_never(outcome)

    def _signed(self, readiness: Readiness) -> str | None:
        """Sign what the office is told, for the paper; None where nobody enrolled this terminal, or its key is lost."""
        from kiosk.identity import IdentityWrong

        if self._identity is None:
            return None
        try:
            now = self._identity.latest()
            return readiness_text(now.host, encode_readiness(readiness), now.keyid, now.sign)
        except IdentityWrong:
            return None

    def _print(self, paper: Raster) -> PrintOutcome:
        self._job += 1
        job = self._job
        self._devices.print(job, paper)
        self._await(lambda: job in self._ended, PRINT_WITHIN)
        return self._ended.get(job, NotPrinted(Unknown("too late")))

    def _told_of(self, outcome: PrintOutcome) -> str:
        match outcome:
            case Confirmed():
                return "paper_low" if isinstance(self._printer, PaperLow) else "good"
            case Sent():
                return "unconfirmed"
            case NotPrinted(state):
                return _STOPPED.get(type(state), "fault")
            case _:
                assert_never(outcome)

    # ---- scanner ----

    def check_scanner_present(self) -> Finding:
        """Say what is known of the scanner before anything is shown to it."""
        if self.settings.scanner == "none":
            return Finding(Part.SCANNER, "not_set")
        self._await(lambda: isinstance(self._scanner, ScannerReady | ScannerOffline), STATE_WITHIN)
        return Finding(Part.SCANNER, "not_tried" if isinstance(self._scanner, ScannerReady) else "unplugged")

    def read_code(self, seconds: float) -> Finding:
        """Wait for the printed code; any code will do where none could be printed. What was read is forgotten."""
        present = self.check_scanner_present()
        if present.detail != "not_tried":
            return present
        wanted = self._code
        self._await(lambda: wanted in self._read if wanted else bool(self._read), seconds)
        with self._said:
            read, self._read = self._read, []
        if wanted in read or (read and wanted is None):
            return Finding(Part.SCANNER, "good")
        return Finding(Part.SCANNER, "other_code" if read else "nothing_read")

    # ---- the rest that needs hands ----

    def read_card(self, seconds: float) -> Finding:
        """Wait for a card."""
        return check_cards(self.settings.card_reader, seconds)

    def play_tone(self) -> Finding:
        """Play a tone for somebody to hear."""
        return play_tone(self.settings.volume, self._system)

    def send(self, findings: "Mapping[Part, Finding]", now: int) -> Sending:
        """Put the result, as of `now`, on the disk, and send what waits there."""
        from .office import Contact
        from .reports import keep, send_waiting

        try:
            keep(self.settings.data, readiness_of(findings, taken=now, terminal=self.name))
        except OSError:
            return Sending.LOST
        link, _, _ = Contact(self._url, self._identity).open()
        try:
            return Sending.SENT if send_waiting(self.settings.data, link) else Sending.KEPT
        finally:
            link.close()

    def _device_said(self, said: DeviceEvent) -> None:
        with self._said:
            match said:
                case PrinterChanged(state):
                    self._printer = state
                case ScannerChanged(state):
                    self._scanner = state
                case ScannerRead(data):
                    self._read.append(data)
                case PrintEnded(job, outcome):
                    self._ended[job] = outcome
                case ScannerOverlong() | PrintProgress():
                    pass
                case _:
                    assert_never(said)
            self._said.notify_all()

    def _await(self, holds: Callable[[], bool], seconds: float) -> None:
        """Wait until something is so that the devices say, at most so long."""
        with self._said:
            self._said.wait_for(holds, seconds)


_STOPPED: Final[dict[type[PrinterState], str]] = {
    PaperOut: "paper_out",
    CoverOpen: "cover_open",
    Offline: "offline",
    Unknown: "silent",
}
