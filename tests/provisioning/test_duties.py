"""An enrolled terminal reports, takes settings and keys, and keeps its reports while nobody answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_api.contract.heartbeat import DeviceKind, DeviceState, HeartbeatAnswer, decode_heartbeat, encode_answer
from central_api.contract.keylist import KeyList, ListedKey, Purpose, sign_key_list
from central_api.contract.signed import SigningKey
from central_api.contract.terminal_settings import TerminalSettings, sign_settings
from devices.card.events import CardInserted, CardReaderChanged
from devices.card.states import CardMute, CardPresent, CardReaderUnknown, ReaderAbsent, ReaderEmpty, ServiceAbsent
from devices.events import PrintEnded, PrinterChanged, ScannerChanged
from devices.keypad.events import Key, KeypadChanged, KeyPressed
from devices.keypad.states import KeypadOffline, KeypadReady, KeypadUnknown
from devices.printer.outcome import Confirmed, NotPrinted
from devices.printer.paper import PaperMeter, paper_file
from devices.printer.profile import profile_or_unknown
from devices.printer.states import CoverOpen, Offline, PaperLow, PaperOut, Ready, Unknown
from devices.scanner.states import ScannerOffline, ScannerReady, ScannerUnknown
from kiosk import logbook
from kiosk.gauges import Gauges, devices_without
from kiosk.office_settings import FILE, OfficeSettings
from provisioning.renewal import renew_key
from tests.kiosk.feed_office import START, YEAR, FeedOffice, slip_of

from .enrolled import EnrolledTerminal
from .enrolling_office import EnrollingOffice

CONTENT = SigningKey(3, Ed25519PrivateKey.generate())


class FeedWithContent(FeedOffice):
    """A feed office whose list has a content key, too."""

    def key_list(self) -> bytes:
        purposes = ((self.feed, Purpose.FEED), (self.receipt, Purpose.RECEIPT), (CONTENT, Purpose.CONTENT))
        keys = tuple(
            ListedKey(key.key_id, purpose, key.public, START - YEAR, START + 5 * YEAR) for key, purpose in purposes
        )
        return sign_key_list(KeyList(self.number, keys), self.root)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[EnrollingOffice]:
    office = EnrollingOffice(tmp_path / "office", feed=FeedWithContent(time=START + 60 * 86_400))
    yield office
    office.close()


@pytest.fixture
def terminal(office: EnrollingOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EnrolledTerminal]:
    import time

    office.feed.time = int(time.time())
    terminal = EnrolledTerminal(office, tmp_path / "data")
    terminal.round()
    answers(office)
    yield terminal
    terminal.close()


def answers(office: EnrollingOffice, *, settings: int = 0, keys: int = 1, agrees: bool = True) -> None:
    answer = encode_answer(HeartbeatAnswer(settings, keys, agrees))
    office.answers["/v1/heartbeats"] = lambda _: (200, answer)


def heard(office: EnrollingOffice) -> list:
    return [decode_heartbeat(body) for path, body in office.bodies if path == "/v1/heartbeats"]


def offers(office: EnrollingOffice, number: int, name: str = "T-07", **values) -> None:
    office.settings = sign_settings(TerminalSettings(number, name, **values), CONTENT)
    answers(office, settings=number)


def test_a_report_tells_how_the_terminal_is(
    terminal: EnrolledTerminal, office: EnrollingOffice, tmp_path: Path
) -> None:
    office.feed.publish(slip_of(1))
    terminal.round()
    terminal.gauges.heard(PrinterChanged(PaperLow()))
    terminal.gauges.heard(ScannerChanged(ScannerReady()))
    terminal.gauges.heard(PrintEnded(1, Confirmed()))
    terminal.gauges.heard(PrintEnded(2, NotPrinted(PaperOut())))
    terminal.gauges.heard_of_card_reader(CardReaderChanged(ReaderEmpty()))
    terminal.gauges.journal = tmp_path / "print-journal"
    meter = PaperMeter(paper_file(terminal.gauges.journal), profile_or_unknown(""))
    meter.printed(2_000, cut=True)
    terminal.gauges.visits = 2
    terminal.reports_now()
    (report,) = heard(office)
    assert (report.sequence, report.queue, report.boots, report.unclean) == (1, 0, 1, 0)
    assert [(one.kind, one.state) for one in report.devices] == [
        (DeviceKind.PRINTER, DeviceState.PAPER_LOW),
        (DeviceKind.SCANNER, DeviceState.READY),
        (DeviceKind.CARD_READER, DeviceState.READY),
    ]
    assert report.paper_mm == round(meter.roll.millimetres) > 200
    assert (report.visits, report.printed, report.not_printed) == (2, 1, 1)
    assert (report.cursor, report.head_position, report.head) == (1, 1, office.feed.heads[-1][:16])
    assert report.trusted
    assert abs(report.offset) <= 2
    assert report.disk_free > 0
    (body,) = (body for path, body in office.bodies if path == "/v1/heartbeats")
    assert len(body) < 300


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (Ready(), DeviceState.READY),
        (PaperOut(), DeviceState.PAPER_OUT),
        (CoverOpen(), DeviceState.COVER_OPEN),
        (Offline(), DeviceState.OFFLINE),
        (Unknown("silent"), DeviceState.UNKNOWN),
    ],
)
def test_every_state_of_the_printer_is_told(terminal: EnrolledTerminal, state, told: DeviceState) -> None:
    terminal.gauges.heard(PrinterChanged(state))
    assert terminal.gauges.devices()[0].state is told


@pytest.mark.parametrize(
    ("state", "told"), [(ScannerOffline(), DeviceState.OFFLINE), (ScannerUnknown("x"), DeviceState.UNKNOWN)]
)
def test_every_state_of_the_scanner_is_told(terminal: EnrolledTerminal, state, told: DeviceState) -> None:
    terminal.gauges.heard(ScannerChanged(state))
    assert terminal.gauges.devices()[0].state is told


def test_a_device_that_a_terminal_has_none_of_is_no_fault() -> None:
    gauges = Gauges(devices_without(printer="none", scanner="serial:/dev/ttyACM0", card_reader="none", keypad="none"))
    gauges.heard(PrinterChanged(Offline()))
    gauges.heard(ScannerChanged(ScannerReady()))
    gauges.heard_of_card_reader(CardReaderChanged(ReaderAbsent()))
    gauges.heard_of_keypad(KeypadChanged(KeypadOffline("there is none")))
    absent = DeviceState.ABSENT
    assert [one.state for one in gauges.devices()] == [absent, DeviceState.READY, absent, absent]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (CardPresent("passport"), DeviceState.READY),
        (CardMute(), DeviceState.READY),
        (ReaderAbsent(), DeviceState.OFFLINE),
        (ServiceAbsent(), DeviceState.OFFLINE),
        (CardReaderUnknown("x"), DeviceState.UNKNOWN),
    ],
)
def test_every_state_of_the_card_reader_is_told_and_nothing_of_a_card(state, told: DeviceState) -> None:
    gauges = Gauges()
    gauges.heard_of_card_reader(CardReaderChanged(state))
    gauges.heard_of_card_reader(CardInserted("passport"))
    (reader,) = gauges.devices()
    assert (reader.kind, reader.state, reader.model) == (DeviceKind.CARD_READER, told, "")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (KeypadReady(), DeviceState.READY),
        (KeypadOffline(), DeviceState.OFFLINE),
        (KeypadUnknown("x"), DeviceState.UNKNOWN),
    ],
)
def test_every_state_of_the_keypad_is_told_and_no_key_of_it(state, told: DeviceState) -> None:
    gauges = Gauges()
    gauges.heard_of_keypad(KeypadChanged(state))
    gauges.heard_of_keypad(KeyPressed(Key.OK))
    (keypad,) = gauges.devices()
    assert (keypad.kind, keypad.state, keypad.model) == (DeviceKind.KEYPAD, told, "")


@pytest.mark.parametrize("said", [None, "", "{}", '{"millimetres": Infinity, "ending": false, "opened": false}'])
def test_a_roll_that_nobody_counted_or_a_damaged_count_hurts_nobody(tmp_path: Path, said: str | None) -> None:
    gauges = Gauges(journal=tmp_path / "print-journal")
    if said is not None:
        paper_file(tmp_path / "print-journal").write_text(said)
    assert (gauges.paper_mm() is None) is (said is None)
    assert Gauges().paper_mm() is None


def test_reports_wait_for_a_silent_office_and_come_in_order(
    terminal: EnrolledTerminal, office: EnrollingOffice
) -> None:
    office.faults["/v1/heartbeats"] = (503, "not_yet")
    for _ in range(5):
        terminal.reports_now()
    assert heard(office) == []
    office.faults.clear()
    terminal.reports_now()
    assert [report.sequence for report in heard(office)] == [1, 2, 3, 4, 5, 6]
    assert heard(office)[-1].queue == 5
    terminal.reports_now()
    assert heard(office)[-1].queue == 0


def test_a_report_that_the_office_does_not_read_does_not_block_the_next(
    terminal: EnrolledTerminal, office: EnrollingOffice
) -> None:
    office.faults["/v1/heartbeats"] = (400, "bad_request")
    terminal.reports_now()
    office.faults.clear()
    terminal.reports_now()
    assert [report.sequence for report in heard(office)] == [2]


def test_reports_under_an_older_key_are_not_sent_under_the_new_one(
    terminal: EnrolledTerminal, office: EnrollingOffice
) -> None:
    office.faults["/v1/heartbeats"] = (503, "not_yet")
    terminal.reports_now()
    renew_key(terminal.data)
    office.faults.clear()
    terminal.reports_now()
    assert [report.sequence for report in heard(office)] == [2]


def test_newer_settings_are_fetched_kept_and_verified_at_the_next_start(
    terminal: EnrolledTerminal, office: EnrollingOffice, tmp_path: Path
) -> None:
    offers(office, 4, languages=("ar", "en"), volume=30, vault_when_revoked=True)
    terminal.reports_now()
    assert terminal.duties is not None
    settings = terminal.duties.settings
    assert settings is not None
    assert (settings.number, settings.volume, settings.vault_when_revoked) == (4, 30, True)
    again = OfficeSettings(terminal.data, "T-07", terminal.vault.content_key)
    assert again.load() is None
    assert again.current == settings
    asked = office.asked.count("GET /v1/settings")
    terminal.reports_now()
    assert office.asked.count("GET /v1/settings") == asked, "what is in use is not fetched again"
    assert heard(office)[-1].settings == 4


@pytest.mark.parametrize("why", ["lower", "other", "forged", "silent"])
def test_settings_that_do_not_hold_change_nothing(
    terminal: EnrolledTerminal, office: EnrollingOffice, why: str
) -> None:
    offers(office, 4, volume=30)
    terminal.reports_now()
    match why:
        case "lower":
            offers(office, 3, volume=99)
        case "other":
            offers(office, 9, name="T-08", volume=99)
        case "forged":
            forger = SigningKey(3, Ed25519PrivateKey.generate())
            office.settings = sign_settings(TerminalSettings(9, "T-07", volume=99), forger)
        case _:
            office.faults["/v1/settings"] = (503, "not_yet")
    answers(office, settings=9)
    terminal.reports_now()
    assert terminal.duties is not None
    assert terminal.duties.settings is not None
    assert terminal.duties.settings.volume == 30
    assert terminal.told


def test_damaged_settings_are_said_and_fetched_again(terminal: EnrolledTerminal, office: EnrollingOffice) -> None:
    (terminal.data / FILE).write_bytes(b"\x00")
    offers(office, 4, volume=30)
    terminal.reports_now()
    assert terminal.told[0][0] == "office settings"
    assert terminal.duties is not None
    assert terminal.duties.settings is not None


def test_a_newer_key_list_is_fetched(terminal: EnrolledTerminal, office: EnrollingOffice) -> None:
    office.feed.number = 7
    answers(office, keys=7)
    terminal.reports_now()
    assert terminal.vault.keys is not None
    assert terminal.vault.keys.number == 7


def test_a_head_that_disagrees_raises_one_alarm(terminal: EnrolledTerminal, office: EnrollingOffice) -> None:
    answers(office, agrees=False)
    terminal.reports_now()
    terminal.reports_now()
    assert len(terminal.alarms) == 1
    answers(office)
    terminal.reports_now()
    answers(office, agrees=False)
    terminal.reports_now()
    assert len(terminal.alarms) == 2


def test_before_a_minute_has_passed_nothing_is_sent(terminal: EnrolledTerminal, office: EnrollingOffice) -> None:
    terminal.reports_now()
    assert terminal.duties is not None
    terminal.duties.after_round(terminal.link)
    assert len(heard(office)) == 1


def test_a_terminal_whose_disk_took_no_logbook_at_the_start_reports_once_it_does(
    terminal: EnrolledTerminal, office: EnrollingOffice
) -> None:
    refused = terminal.data / logbook.FILE
    refused.mkdir()
    for _ in range(2):
        terminal.reports_now()
    assert terminal.told == [("logbook", "unable to open database file")]
    assert not heard(office)
    refused.rmdir()
    terminal.reports_now()
    assert [report.sequence for report in heard(office)] == [1]
