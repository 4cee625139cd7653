"""Every fault of a printer on every way to it: the rows of docs/faults.md."""

import os
import pty
import subprocess
import sys
import threading
import tty
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from devices import Confirmed, NotPrinted, Offline, PrintOutcome, Ready, Sent, Unknown
from devices.address import printer_address
from devices.printer import job, usb
from devices.printer.printer import Printer, open_printer
from devices.printer.profile import profile
from devices.simulators.escpos import Cut, Interpreter
from kiosk.hardware import result_of
from kiosk.visit_state import PrintConfirmed, PrinterProblem, PrintFailed, PrintSent
from tests.devices.peers import PrinterPeer, new_printer, receipt, wait_until
from tests.devices.usb_peer import PRODUCT, VENDOR, UsbPrinter

__all__ = ["new_printer"]

PAPER = receipt(100)
LONG = receipt(700)
MUTE = Unknown("the printer answers nothing")
ENGLISH = Path(__file__).parents[2] / "kiosk/locales/en/LC_MESSAGES/istilam.po"
WORDS = {str(message.id): str(message.string) for message in read_po(ENGLISH.open("rb")) if message.id}


class Lobby:
    """A virtual printer at one way's address, and our driver's end of it."""

    def __init__(self, way: str, start: Callable[..., PrinterPeer], tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
        self.way = way
        self._start = start
        self._listen = f"pty:{tmp_path}/ttyUSB0" if way == "serial" else "127.0.0.1:0"
        self.peer = start("--fault", "near-end", listen=self._listen)
        if way == "serial":
            address = self.peer.address
        else:
            self._listen = f"{self.peer.host}:{self.peer.port}"
            self.bus = UsbPrinter(self.peer.host, self.peer.port)
            address = f"usb:{VENDOR:04x}:{PRODUCT:04x}" if way == "usb" else self.peer.address
        patch.setattr(usb, "open_usb", partial(usb.open_usb, backend=getattr(self, "bus", None)))
        self.peer.command("clear")
        self.printer: Printer = open_printer(printer_address(address), profile("VIRTUAL-80"))

    def gone(self) -> None:
        if self.way == "usb":
            self.bus.pull()
        else:
            self.peer.end()

    def back(self, *arguments: str) -> None:
        if self.way == "usb":
            self.bus.plugged = True
        else:
            self.peer = self._start(*arguments, listen=self._listen)

    def prints(self, paper=PAPER) -> PrintOutcome:
        return self.printer.print(paper, lambda: None, lambda rows: None)

    def printed(self, *papers) -> None:
        wait_until(lambda: self.peer.papers() == [*papers])


def absent(lobby: Lobby) -> PrintOutcome:
    lobby.gone()
    assert lobby.printer.connect() == Offline()
    outcome = lobby.prints()
    assert outcome == NotPrinted(Offline())
    return outcome


def slow(lobby: Lobby) -> PrintOutcome:
    lobby.peer.command("fault slow")
    assert lobby.printer.connect() == Ready()
    outcome = lobby.prints()
    assert outcome == Confirmed()
    lobby.printed(PAPER)
    return outcome


def silent(lobby: Lobby) -> PrintOutcome:
    lobby.peer.command("fault silent")
    assert lobby.printer.connect() == MUTE
    outcome = lobby.prints()
    if lobby.way == "serial":  # a wire takes bytes with nobody at its end
        assert outcome == NotPrinted(MUTE)
    else:
        assert outcome == Sent("the printer answers nothing")
        lobby.printed(PAPER)
    return outcome


def wrong_answers(lobby: Lobby) -> PrintOutcome:
    lobby.peer.command("fault wrong-answers")
    assert lobby.printer.connect() == Ready()
    outcome = lobby.prints(LONG)
    assert outcome == NotPrinted(Unknown("the printer stopped confirming"))
    return outcome


def garbage(lobby: Lobby) -> PrintOutcome:
    """Noise may make any state of the answers, but never a confirmation of a paper that did not come out."""
    lobby.peer.command("fault garbage")
    lobby.printer.connect()
    outcome = lobby.prints()
    if outcome == Confirmed():
        lobby.printed(PAPER)
    lobby.peer.command("clear")
    wait_until(lambda: lobby.printer.connect() == Ready())
    assert lobby.prints(LONG) == Confirmed()
    assert lobby.peer.papers()[-1].data.endswith(LONG.data)
    return outcome


def flood(lobby: Lobby) -> PrintOutcome:
    assert lobby.printer.connect() == Ready()
    lobby.peer.command("fault flood")
    wait_until(lambda: lobby.printer.watch(0.05) == Unknown("the printer talks without end"))
    outcome = lobby.prints()
    assert isinstance(outcome, NotPrinted)
    assert isinstance(outcome.state, Unknown)
    lobby.peer.command("clear")
    wait_until(lambda: lobby.printer.connect() == Ready())
    return outcome


def gone_in_the_middle(lobby: Lobby) -> PrintOutcome:
    lobby.peer.command("fault cut-connection")
    assert lobby.printer.connect() == Ready()
    outcome = lobby.prints(LONG)
    assert isinstance(outcome, NotPrinted)
    assert (outcome.state, 0 < outcome.rows < LONG.rows) == (Offline(), True)
    assert lobby.peer.papers() == []
    return outcome


def back_again(lobby: Lobby) -> PrintOutcome:
    assert lobby.printer.connect() == Ready()
    lobby.gone()
    wait_until(lambda: lobby.printer.watch(0.05) == Offline())
    lobby.back()
    wait_until(lambda: lobby.printer.connect() == Ready())
    outcome = lobby.prints()
    assert outcome == Confirmed()
    lobby.printed(PAPER)
    return outcome


def swapped(lobby: Lobby) -> PrintOutcome:
    assert lobby.printer.connect() == Ready()
    lobby.gone()
    if lobby.way == "usb":
        lobby.bus.product += 1
    lobby.back("--width", "512")
    differs = Offline() if lobby.way == "usb" else Unknown("a VIRTUAL-512 answers where a VIRTUAL-80 is set")
    wait_until(lambda: lobby.printer.connect() == differs)
    outcome = lobby.prints()
    assert outcome == NotPrinted(differs)
    assert lobby.peer.papers() == []
    return outcome


class FileLobby:
    """A device that only takes bytes, as /dev/usb/lp0: a pty that somebody empties, or does not."""

    def __init__(self, tmp_path: Path) -> None:
        self.path = tmp_path / "usb" / "lp0"
        self.path.parent.mkdir()
        self.printer: Printer = open_printer(printer_address(f"file:{self.path}"), profile("VIRTUAL-80"))
        self.received = b""
        self._open: list[int] = []

    def plug(self, *, says: bytes = b"", takes: int = 1 << 30, piece: int = 4096) -> None:
        """It says so much at each piece, and is gone after so many bytes."""
        master, slave = pty.openpty()
        tty.setraw(slave)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(slave))
        self._open.append(slave)

        def empty() -> None:
            os.set_blocking(master, True)
            taken = 0
            while taken < takes:
                try:
                    data = os.read(master, piece)
                    os.write(master, says)
                except OSError:
                    break
                taken += len(data)
                self.received += data
            os.close(master)

        threading.Thread(target=empty, daemon=True).start()

    def prints(self, paper=PAPER) -> PrintOutcome:
        return self.printer.print(paper, lambda: None, lambda rows: None)

    def taken_whole(self) -> None:
        def cut() -> bool:
            return any(isinstance(action, Cut) for action in Interpreter().feed(self.received))

        wait_until(cut)

    def end(self) -> None:
        for slave in self._open:
            os.close(slave)


def file_absent(lobby: FileLobby) -> PrintOutcome:
    lobby.path.parent.rmdir()
    assert lobby.printer.connect() == Offline()
    outcome = lobby.prints()
    assert outcome == NotPrinted(Offline())
    return outcome


def file_sent(lobby: FileLobby, **how) -> PrintOutcome:
    lobby.plug(**how)
    assert lobby.printer.connect() == Ready()
    outcome = lobby.prints()
    assert outcome == Sent("a file confirms nothing")
    lobby.taken_whole()
    return outcome


def file_gone(lobby: FileLobby) -> PrintOutcome:
    lobby.plug(takes=8192)
    assert lobby.printer.connect() == Ready()
    outcome = None
    for _ in range(3):  # the line itself holds the first paper
        outcome = lobby.prints(LONG)
    assert outcome == NotPrinted(Offline())
    return outcome


def file_back(lobby: FileLobby) -> PrintOutcome:
    file_gone(lobby)
    lobby.received = b""
    return file_sent(lobby)


NOT_ANSWERED = ("not_printed.unsure", "not_printed.silent", "not_printed.cut_off")
NOT_CONNECTED = ("not_printed.title", "not_printed.offline")
CUT_OFF = (*NOT_CONNECTED, "not_printed.cut_off")
PRINTED, SENT = ("printed.title",), ("sent.title", "sent.text")
CODE = "goes on: the receipt is a code on the screen"
PAPER_TOO = "goes on, with the paper"

Row = tuple[Callable[..., PrintOutcome], str, tuple[str, ...], str]
ROWS_OF_A_LINE: dict[str, Row] = {
    "absent": (absent, "off line", NOT_CONNECTED, CODE),
    "slow": (slow, "ready", PRINTED, PAPER_TOO),
    "silent": (silent, "unknown: it answers nothing", SENT, PAPER_TOO),
    "wrong answers": (wrong_answers, "unknown: it stopped confirming", NOT_ANSWERED, CODE),
    "garbage": (garbage, "as far as its answers can be read; never confirmed by noise", (), "goes on"),
    "flood": (flood, "unknown: it talks without end", NOT_ANSWERED, CODE),
    "gone in the middle": (gone_in_the_middle, "off line", CUT_OFF, f"{CODE}; the cut-off paper is voided"),
    "back again": (back_again, "ready", PRINTED, PAPER_TOO),
    "swapped for another model": (swapped, "unknown: another model answers", NOT_ANSWERED, CODE),
}
OF_ONE_WAY: dict[tuple[str, str], Row] = {
    ("serial", "silent"): (silent, "unknown: it answers nothing", NOT_ANSWERED, CODE),
    ("usb", "swapped for another model"): (swapped, "off line", NOT_CONNECTED, CODE),
}
ONLY_TAKES = "ready, as far as a file can tell"
ROWS_OF_A_FILE: dict[str, Row] = {
    "absent": (file_absent, "off line", NOT_CONNECTED, CODE),
    "slow": (partial(file_sent, piece=256), ONLY_TAKES, SENT, PAPER_TOO),
    "silent": (file_sent, ONLY_TAKES, SENT, PAPER_TOO),
    "wrong answers": (partial(file_sent, says=b"\x16"), ONLY_TAKES, SENT, PAPER_TOO),
    "garbage": (partial(file_sent, says=b"\xff\x00\x37\x22"), ONLY_TAKES, SENT, PAPER_TOO),
    "flood": (partial(file_sent, says=bytes(512)), ONLY_TAKES, SENT, PAPER_TOO),
    "gone in the middle": (file_gone, "off line", NOT_CONNECTED, f"{CODE}; the cut-off paper is voided"),
    "back again": (file_back, ONLY_TAKES, SENT, PAPER_TOO),
    "swapped for another model": (partial(file_sent, piece=1024), ONLY_TAKES, SENT, PAPER_TOO),
}


def _params(ways: list[str], rows: dict[str, Row]) -> list:
    params = []
    for way in ways:
        for kind, common in rows.items():
            act, state, reads, visit = OF_ONE_WAY.get((way, kind), common)
            mark = pytest.mark.fault(
                device=f"printer, {way}",
                kind=kind,
                state=state,
                reads=" · ".join(WORDS[key] for key in reads) or "what is true of the paper",
                visit=visit,
            )
            params.append(pytest.param(way, act, reads, id=f"{way}: {kind}", marks=mark))
    return params


def _keys(outcome: PrintOutcome) -> tuple[str, ...]:
    """The words that the terminal shows for an outcome, as its screens choose them."""
    match result_of(outcome):
        case PrintConfirmed():
            return PRINTED
        case PrintSent():
            return SENT
        case PrintFailed(why, cut_off):
            cut = ("not_printed.cut_off",) if cut_off else ()
            title = "unsure" if why is PrinterProblem.SILENT else "title"
            return (f"not_printed.{title}", f"not_printed.{why.value}", *cut)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(job, "BAND_DEADLINE", 2.0)
    monkeypatch.setattr(job, "CUT_DEADLINE", 2.0)


@pytest.fixture
def lobby(way: str, new_printer, tmp_path: Path, monkeypatch) -> Iterator[Lobby]:
    lobby = Lobby(way, new_printer, tmp_path, monkeypatch)
    yield lobby
    lobby.printer.close()


@pytest.mark.parametrize(("way", "act", "reads"), _params(["tcp", "usb", "serial"], ROWS_OF_A_LINE))
def test_a_printer_with_a_fault(lobby: Lobby, act: Callable[[Lobby], PrintOutcome], reads: tuple[str, ...]) -> None:
    shown = _keys(act(lobby))
    assert shown == reads or not reads


@pytest.mark.parametrize(("way", "act", "reads"), _params(["file"], ROWS_OF_A_FILE))
def test_a_printer_behind_a_file_with_a_fault(
    way: str, act: Callable[[FileLobby], PrintOutcome], reads: tuple[str, ...], tmp_path: Path
) -> None:
    lobby = FileLobby(tmp_path)
    try:
        assert _keys(act(lobby)) == reads
    finally:
        lobby.end()


def test_a_driver_that_always_answers_ready_turns_every_row_red() -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.faults.printer_always_ready",
        "-p",
        "no:cacheprovider",
        "-m",
        "fault",
    ]
    uncounted = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    run = subprocess.run(
        [*command, "-o", "addopts=", "-rA", "-q", __file__], env=uncounted, capture_output=True, text=True, check=False
    )
    outcomes = [line.split(maxsplit=1) for line in run.stdout.splitlines() if line.startswith(("PASSED", "FAILED"))]
    assert [name for outcome, name in outcomes if outcome == "PASSED"] == []
    assert len(outcomes) == 4 * len(ROWS_OF_A_LINE), run.stdout[-2000:]


def test_the_table_of_faults_is_made_from_these_rows() -> None:
    """Run `python docs/faults.py` after a change of any row."""
    told = subprocess.run([sys.executable, "docs/faults.py", "--check"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
