"""What the devices tell, and who hears of it."""

from central_api.contract.heartbeat import DeviceState
from devices.card.events import CardReaderChanged, CardRemoved
from devices.card.states import ReaderEmpty
from devices.events import PrinterChanged as PrinterReported
from devices.events import ScannerChanged as ScannerReported
from devices.keypad.events import JackChanged, Key, KeypadChanged, KeyPressed, KeyReleased
from devices.keypad.states import KeypadReady
from devices.printer.states import PaperLow
from devices.scanner.camera_events import CameraPreview, CameraSees, Hint
from devices.scanner.states import ScannerOffline, ScannerReady
from kiosk.camera import CameraView, PaperHeld, PaperHint, PaperSeen, Picture
from kiosk.card_events import CardTaken, ReaderChanged
from kiosk.cards import CardDesk
from kiosk.device_news import DeviceNews
from kiosk.gauges import Gauges
from kiosk.visit_events import Event, HeadphonesChanged, PrinterChanged, ScannerChanged
from kiosk.visit_state import PrinterHealth
from kiosk.ways import SlipsIn, WaysIn

GREY = (b"\x20" * 80 + b"\xe0" * 80) * 90


def ignored(*_: object) -> None:
    """Nobody's here."""


class Heard:
    """Everybody who hears of the devices: the visit, the window's keys, the gauges, the camera's picture."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.keys: list[tuple[Key, bool]] = []
        self.gauges = Gauges()
        self.camera = CameraView()
        self.slips = SlipsIn({"FOLLOW.LABOUR.EXAMPLE"}, lambda ready: self.events.append(ScannerChanged(ready)))
        self.news = DeviceNews(
            *(self.gauges, self.slips, self.camera),
            post=self.events.append,
            press=lambda key, down: self.keys.append((key, down)),
        )
        self.news.cards = CardDesk(self.events.append, WaysIn(ignored), ignored)


def test_a_printers_word_is_the_visits_and_the_heartbeats() -> None:
    heard = Heard()
    heard.news.of_scanner_or_printer(PrinterReported(PaperLow()))
    assert heard.events == [PrinterChanged(PrinterHealth.LOW)]
    assert heard.gauges.printer is DeviceState.PAPER_LOW


def test_a_scanner_takes_slips_only_once_they_can_be_looked_up() -> None:
    heard = Heard()
    heard.news.of_scanner_or_printer(ScannerReported(ScannerReady()))
    heard.slips.office_is_known()
    heard.news.of_scanner_or_printer(ScannerReported(ScannerOffline()))
    assert heard.events == [ScannerChanged(False), ScannerChanged(True), ScannerChanged(False)]
    assert heard.gauges.scanner is DeviceState.OFFLINE


def test_without_a_host_of_ours_every_slip_would_be_foreign() -> None:
    told: list[bool] = []
    hosts: set[str] = set()
    slips = SlipsIn(hosts, told.append)
    slips.scanner_is(ready=True)
    slips.office_is_known()
    hosts.add("FOLLOW.LABOUR.EXAMPLE")
    slips.office_is_known()
    assert told == [False, False, True]


def test_a_card_reader_is_heard_of_by_the_heartbeat_and_by_who_reads_cards() -> None:
    heard = Heard()
    heard.news.of_card_reader(CardReaderChanged(ReaderEmpty()))
    heard.news.of_card_reader(CardRemoved())
    assert heard.events == [ReaderChanged(True), CardTaken()]
    assert heard.gauges.card_reader is DeviceState.READY


def test_keys_go_to_the_window_and_headphones_to_the_visit() -> None:
    heard = Heard()
    for said in (KeypadChanged(KeypadReady()), KeyPressed(Key.OK), KeyReleased(Key.OK), JackChanged(True)):
        heard.news.of_keypad(said)
    assert heard.keys == [(Key.OK, True), (Key.OK, False)]
    assert heard.events == [HeadphonesChanged(True)]
    assert heard.gauges.keypad is DeviceState.READY


def test_what_the_camera_sees_is_the_visits_and_its_picture_the_screens() -> None:
    heard = Heard()
    heard.camera.open()
    heard.news.of_camera(CameraSees(held=True, hint=Hint.FAR))
    heard.news.of_camera(CameraPreview(160, 90, GREY))
    assert heard.events == [PaperSeen(PaperHeld(PaperHint.FAR))]
    assert heard.camera.newest == Picture(160, 90, GREY)
