"""One terminal: its vault, its link to the office, its devices, and how the flow's effects are carried out.

Knows no toolkit. Everything here may be called from the window's thread and returns at once; what takes time runs on
threads and processes of its own and comes back as events.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from .camera import CameraView
from .card_events import Chime, OpenByCode, ReadCard, SendCode
from .entry_events import CheckPaper, CodeAnswered, LookUpCode, PaperChecked
from .guide_events import CountReader
from .help_call import CallHelp, HelpTold
from .machine import SYSTEM
from .marks_on_disk import MarksOnDisk
from .opening import held_alone, identity_in, open_vault
from .own_settings import OwnSettings
from .settings import Settings
from .staff_events import StaffEffect
from .succession import Succession
from .visit_events import Effect, Event, LookedUp, LookUp, PrintReceipt, ScannerChanged, WaysChanged, Wipe
from .visit_state import CORE_LANGUAGES, ScreenLanguage
from .watches import watch_mains
from .ways import SlipsIn, WaysIn

if TYPE_CHECKING:
    from central_api.contract.terminal_settings import TerminalSettings
    from devices.keypad.events import Key

    from .cards import CardDesk
    from .devices_here import DevicesHere
    from .gauges import Gauges
    from .office_side import OfficeSide
    from .staff_desk import StaffDesk
    from .sync import LinkReport
    from .vault import Vault

_PRINT_JOURNAL = "print-journal"
# Seconds until a vault that the disk did not let us open is tried again; the screen says "out of order" meanwhile.
_OPEN_AGAIN = 5.0


class Terminal:
    """Everything of a terminal but its window.

    `hosts` are the hosts whose slips are ours; it fills when the office is known. `system`: where the machine's own
    /sys is, which tells of the mains.
    """

    def __init__(self, settings: Settings, system: Path = SYSTEM) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        self.hosts: set[str] = set(settings.hosts)
        self.data = settings.data
        self._marks = MarksOnDisk(settings.data)
        self.power_was_cut = self._marks.power_was_cut
        self._settings = settings
        self._system = system
        self._identity, self._identity_wrong = identity_in(settings.data)
        self.name = settings.name if self._identity is None else self._identity.name
        self._office_url = settings.office_url if self._identity is None else self._identity.office_url
        self.succession = Succession(settings.data, self._identity)
        self._gauges: Gauges | None = None
        self._held: int | None = None
        self._office: OfficeSide | None = None
        self._cards: CardDesk | None = None
        self._visited = False  # since the last wipe
        self.camera = CameraView()
        self.ways = WaysIn(lambda ways: self._post(WaysChanged(ways)))
        self.slips = SlipsIn(self.hosts, lambda ready: self._post(ScannerChanged(ready)))
        self._stopping = threading.Event()
        self._post: Callable[[Event], None] = _nobody_listens
        self._devices: DevicesHere | None = None
        self.own = OwnSettings(settings, self._set_by_office)
        self._staff: StaffDesk | None = None
        self.restart = threading.Event()

    def start(self, post: Callable[[Event], None], press: "Callable[[Key, bool], None] | None" = None) -> None:
        """Start the devices; then, beside, open the vault and follow the office.

        `post` takes events and `press` the keypad's keys, which came down or were let go, of any thread.
        """
        from .cards import CardDesk
        from .device_news import DeviceNews
        from .devices_here import DevicesHere
        from .gauges import Gauges, devices_without

        self._post = post
        settings, journal = self._settings, self._settings.data / _PRINT_JOURNAL
        without = devices_without(
            printer=settings.printer,
            scanner=settings.scanner,
            card_reader=settings.card_reader,
            keypad=settings.keypad,
        )
        self._gauges = Gauges(without, journal)
        news = DeviceNews(self._gauges, self.slips, self.camera, post=post, press=press or _nobody_watches)
        listeners = (news.of_scanner_or_printer, news.of_card_reader, news.of_keypad, news.of_camera)
        self._devices = DevicesHere(settings, journal, listeners)
        news.cards = self._cards = CardDesk(post, self.ways, self._devices.read_card)
        self._devices.open()
        if self.own.changes.brightness is not None:
            from .backlight import set_brightness

            set_brightness(self.own.changes.brightness, self._system)
        threading.Thread(target=self._open, name="open", daemon=True).start()
        look_at_mains = (self._system, post, self._stopping)
        threading.Thread(target=watch_mains, args=look_at_mains, name="mains", daemon=True).start()
        threading.Thread(target=self.succession.watch, args=(self._stopping,), name="succession", daemon=True).start()

    def stop(self) -> None:
        """Let go of devices and office. Somebody stopped the terminal: the next start has no power cut to tell of."""
        self._stopping.set()
        if self._staff is not None:
            self._staff.close()
        if self._devices is not None:
            self._devices.close(for_good=True)
        self._marks.close()
        if self._office is not None:
            self._office.close()
        if self._held is not None:
            os.close(self._held)

    def settled(self) -> bool:
        """Tell whether the vault is caught up with the office, or the office is known not to answer."""
        return bool(self._identity_wrong) or (self._office is not None and self._office.settled)

    def trusted_time(self) -> int | None:
        """Return the time (seconds since 1970, UTC), or None while the office has not vouched for it."""
        return None if self._office is None else self._office.trusted_time()

    def turned(self, end: Callable[[], None]) -> None:
        """Call `end` if this run is over: the machine is another terminal, or the staff asked for a new start."""
        self.succession.turned(end)
        if self.restart.is_set():
            self.restart.clear()
            end()

    def synced(self) -> int | None:
        """Return the office's signed time up to which the vault is complete; None before the first."""
        return None if self._office is None else self._office.synced

    @property
    def link(self) -> "LinkReport | None":
        """What was last found of the way to the office."""
        return None if self._office is None else self._office.link

    def volume(self) -> int:
        """Return how loud sounds are, 0 to 100."""
        return self.own.volume()

    def perform(self, effect: Effect) -> None:  # noqa: PLR0912 - one effect a line
        """Carry out an effect of the flow."""
        if isinstance(effect, StaffEffect):
            self._of_staff(effect)
            return
        match effect:
            case LookUp(visit, slip):
                self._visit_begins()
                if self._office is not None:
                    self._office.slips.start(slip, lambda result: self._post(LookedUp(visit, result)))
            case LookUpCode(visit, tracking, code):
                self._visit_begins()
                if self._office is not None:
                    self._office.codes.start(tracking, code, lambda answer: self._post(CodeAnswered(visit, answer)))
            case CheckPaper(visit, text):
                self._visit_begins()
                if self._office is not None:
                    self._office.papers.start(text, lambda paper: self._post(PaperChecked(visit, paper)))
            case ReadCard() | SendCode() | OpenByCode():
                self._visit_begins()
                if self._cards is not None:
                    self._cards.start(effect)
            case Chime():
                threading.Thread(target=self._chime, name="chime", daemon=True).start()
            case PrintReceipt():
                self._print(effect)
            case CountReader() | CallHelp():
                self._run_errand(effect)
            case Wipe():
                self._visited = False
                if self._office is not None:
                    self._office.errands.hang_up()
                if self._devices is not None:
                    self._devices.forget()
                self._marks.visit_ends()
            case _:
                assert_never(effect)

    def prepare_paper(self, language: ScreenLanguage) -> None:
        """Make ready what a first paper needs: once its visitor reads, so that home rests without it.

        On the window's own thread: Pango's faces and letters are not for two threads at a time.
        """
        from .requirements_paper import prepare

        prepare(_of_paper(language))

    def _run_errand(self, effect: CountReader | CallHelp) -> None:
        assert self._office is not None, "home offers other services and help once the vault is open"
        errands = self._office.errands
        match effect:
            case CountReader(topic, language):
                self._marks.worker.submit(errands.count_reader, topic, language)
            case CallHelp(visit):
                errands.call_help(lambda stage: self._post(HelpTold(visit, stage)))

    def _of_staff(self, effect: StaffEffect) -> None:
        if self._devices is None or self._gauges is None:
            return  # not started yet
        if self._staff is None:
            from .staff_desk import StaffDesk, StaffPlace

            place = StaffPlace(self._settings, self._identity, self._system, self._devices, self._gauges)
            self._staff = StaffDesk(self, place, self._post)
        self._staff.perform(effect)

    def _visit_begins(self) -> None:
        if self._visited:
            return
        self._visited = True
        self._marks.visit_begins()
        if self._gauges is not None:
            self._gauges.visits += 1

    def _chime(self) -> None:
        from .selftest.sound import play_tone

        play_tone(self.volume(), self._system)

    def _print(self, effect: PrintReceipt) -> None:
        from .receipts import PrintedAt
        from .requirements_paper import lay_out_any

        assert self._office is not None and self._devices is not None, "a sheet came from a look-up after the start"
        now = self._office.clock.now()
        paper = lay_out_any(
            effect.sheet,
            _of_paper(effect.language),
            width_dots=self._settings.width_dots,
            terminal=self.name,
            printed_at=PrintedAt(now.seconds, now.trusted),
        )
        self._devices.print(effect.job, paper)

    # ---- the office, on threads of its own ----

    def _open(self) -> None:
        from .gauges import Gauges
        from .office_side import OfficeSide

        while (vault := self._vault_if_ours()) is None:
            if self._stopping.wait(_OPEN_AGAIN):
                return
        office = self._office = OfficeSide(
            *(vault, self._office_url, self._identity, self.hosts, self._marks, self.ways),
            data=self.data,
            post=self._post,
            hosts_known=self.slips.office_is_known,
        )
        if self._cards is not None:
            self._cards.office = office.cards
        if self._identity_wrong:
            office.ask_nobody(self._identity_wrong)
        else:
            office.follow(self._gauges or Gauges(), self.own.languages, self._stopping)

    def _vault_if_ours(self) -> "Vault | None":
        """Open the vault, or return None where disk, or another process that fills it, does not let us now."""
        if self._held is None:
            self._held = held_alone(self.data)
        return None if self._held is None else open_vault(self.data, self._identity)

    def _set_by_office(self) -> "TerminalSettings | None":
        return None if self._office is None else self._office.settings


def _of_paper(language: ScreenLanguage) -> ScreenLanguage:
    """An official paper is in one of the office's own languages."""
    return "en" if language in CORE_LANGUAGES else language


def _nobody_watches(key: "Key", down: bool) -> None:
    """A terminal without a window."""


def _nobody_listens(event: Event) -> None:
    raise RuntimeError(f"{type(event).__name__} before start")
