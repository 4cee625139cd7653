"""The dock put together: a terminal, its devices, the wires between, and the orders that a page may give."""

import asyncio
import os
import shutil
import tempfile
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from devices.dock.board import Board
from devices.dock.cards import CARDS, CardSlot, printed_in
from devices.dock.keypad import CODES, VirtualKeypad
from devices.dock.machine import Machine
from devices.dock.network import NETWORK_FAULTS, Relay
from devices.dock.phone import Phone
from devices.dock.plug import PLUG_FAULTS
from devices.dock.printer import PaperTray
from devices.dock.reader import VirtualReader
from devices.dock.scanner import SCANNER_KINDS, CameraFolder, ScannerKind, new_scanner
from devices.dock.terminal import Picture, TerminalProcess
from devices.scanner.picture import NotAPicture, codes_in
from devices.simulators.card.document import Printed
from devices.simulators.card.faults import CARD_FAULT_NAMES
from devices.simulators.settings import FAULTS as PRINTER_FAULTS

LOOP_SECONDS: Final = 10.0
ROLL_MM: Final = 3000
"""A short roll: it runs low, and out, while somebody plays."""

TERMINAL_SETTINGS: Final = """
[devices]
printer_profile = "VIRTUAL-80"
"""
"""With the printer's model set, another one in its place is noticed."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DockSettings:
    """office: URL on this machine; data: the terminal's folder, kept between runs; size: WIDTHxHEIGHT of its screen.

    paper: where pictures of papers go; slips: folder of pictures to present; speed: mm/s of paper.
    cards: folder of the country that issues the virtual passports; vpcd: HOST:PORT of a reader that is there.
    office_data: folder of that office, whose SMS the page is to show. scanner: its kind at first.
    """

    office: str
    data: Path
    paper: Path
    slips: Path | None
    cards: Path
    vpcd: str | None
    speed: float
    size: str
    language: str
    office_data: Path | None = None
    scanner: ScannerKind = "serial"


class BadOrder(ValueError):
    """The page asked for what does not exist."""


class Dock:
    """Runs from `start` to `stop`. Its methods may be called by any thread."""

    def __init__(self, settings: DockSettings) -> None:
        self.board = Board()
        self._slips = settings.slips
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="devices", daemon=True).start()
        # A socket's name is short, and everything here is of this run only.
        self._folder = Path(tempfile.mkdtemp(prefix="istilam-dock-"))
        self._scanner_path = self._folder / "scanner"
        (self._folder / "terminal.toml").write_text(TERMINAL_SETTINGS)
        office = urlsplit(settings.office)
        self._relay = Relay(office.hostname or "", office.port or 80)
        self._tray = self._on_loop(_made(PaperTray, settings.paper, settings.speed, self.board))
        asyncio.run_coroutine_threadsafe(self._tray.run(), self._loop)
        self._kind: ScannerKind = settings.scanner
        self._scanner = new_scanner(settings.scanner, self._scanner_path)
        self._keypad = VirtualKeypad(self._folder / "keypad")
        self._reader = VirtualReader(settings.vpcd, self._folder / "pcsc")
        self._machine = Machine(self._folder / "machine")
        settings.data.mkdir(parents=True, exist_ok=True)
        self._cards = CardSlot(self._reader.vpcd, settings.cards, self.board)
        data = settings.office_data
        self._phone = None if data is None else Phone(data, settings.office, self.board)
        terminal_office = f"{office.scheme}://127.0.0.1:{self._on_loop(self._relay.open())}"
        self._terminal = TerminalProcess(
            (
                *("--office", terminal_office, "--data", str(settings.data), "--size", settings.size),
                *("--settings", str(self._folder / "terminal.toml"), "--printer", f"tcp:{self._tray.address}"),
                *("--card-reader", self._reader.address, "--keypad", f"keys:{self._folder / 'keypad'}"),
                *("--language", settings.language, "--practice-machine", str(self._machine.folder)),
            ),
            self._reader.environment,
            self._folder / "door",
            settings.data.parent / "terminal.log",
            self.board,
        )
        self._terminal.more = self._scanner_argument(settings.scanner)

    def start(self) -> None:
        names = sorted(path.name for path in self._slips.glob("*.png")) if self._slips is not None else []
        self.board.show("slips", names)
        for device in ("scanner", "network", "keypad", "reader"):
            self.board.show(device, "none")
        self.board.show("scanner-kind", self._kind)
        self.board.show("mains", True)
        self.board.show("jack", False)
        faults = {"printer": PRINTER_FAULTS, "scanner": PLUG_FAULTS, "network": NETWORK_FAULTS}
        faults |= {
            "scanner-kind": SCANNER_KINDS,
            "keypad": PLUG_FAULTS,
            "reader": self._reader.faults,
            "card": CARD_FAULT_NAMES,
            "cards": CARDS,
        }
        self.board.show("faults", faults)
        self.board.show("printed", {kind: _read_by_people(printed_in(kind)) for kind in ("passport", "expired")})
        self._terminal.start()

    def stop(self) -> None:
        self._terminal.stop()
        if self._phone is not None:
            self._phone.stop()
        self._scanner.close()
        self._keypad.close()
        self._cards.close()
        self._reader.close()
        self._on_loop(_end_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        shutil.rmtree(self._folder, ignore_errors=True)

    def picture(self, after: int, seconds: float) -> Picture | None:
        return self._terminal.newer(after, seconds)

    def hanging_paper(self) -> bytes | None:
        return self._on_loop(self._tray.hanging())

    def paper(self, name: str) -> Path | None:
        return self._tray.cut_off(name)

    def drop(self, picture: bytes) -> str:
        """Hold the picture of a slip, or of anything, under the scanner. Says `presented`, `no_code`, `no_picture`...

        The picture never lies on a disk.
        """
        memory = os.memfd_create("slip")
        try:
            with os.fdopen(os.dup(memory), "wb") as file:
                file.write(picture)
            return self._present(Path(f"/proc/self/fd/{memory}"), "dropped")
        finally:
            os.close(memory)

    def obey(self, order: dict[str, Any]) -> str:
        """Carry out one order of the page; says in one word what came of it. Raises BadOrder."""
        match order:
            case {"tap": _} | {"present": _} | {"lines_of": _} | {"key": _} | {"jack": _}:
                return self._visit(order)
            case {"card": _}:
                return self._card(order)
            case _:
                self._change(order)
                return "done"

    def _visit(self, order: dict[str, Any]) -> str:
        """What a visitor does."""
        match order:
            case {"tap": [float() | int() as x, float() | int() as y]} if 0 <= x <= 1 and 0 <= y <= 1:
                return "done" if self._terminal.tap(x, y) else "no_terminal"
            case {"present": str(name)}:
                slips = self._slips
                if slips is None or "/" in name or not (slips / name).is_file():
                    raise BadOrder("no such slip")
                return self._present(slips / name, name.removesuffix(".png"))
            case {"lines_of": "passport" | "expired" as kind}:
                return self._hold(printed_in(kind).mrz().encode(), "mrz")
            case {"key": str(key), "down": bool() as down} if key in CODES:
                self.board.note("key_down" if down else "key_up", key)
                return "done" if self._keypad.hold(key, down=down) else "keypad_unplugged"
            case {"jack": bool() as inserted}:
                self.board.show("jack", inserted)
                self.board.note("jack", "in" if inserted else "out")
                return "done" if self._keypad.jack(inserted) else "keypad_unplugged"
            case _:
                raise BadOrder("no such act")

    def _change(self, order: dict[str, Any]) -> None:
        """What befalls the machine."""
        match order:
            case {"scanner_kind": str(kind)} if kind in SCANNER_KINDS:
                self._exchange_scanner(SCANNER_KINDS[SCANNER_KINDS.index(kind)])
                self.board.note("scanner-kind", kind)
            case {"fault": str(name), "of": str(device)}:
                self._break(device, name)
                self.board.note(device, name)
            case {"refill": "full" | "short" as roll}:
                self._on_loop(self._tray.refill(ROLL_MM if roll == "short" else None))
                self.board.note("refilled", roll)
            case {"mains": bool() as on}:
                self._machine.feed(on)
                self.board.show("mains", on)
                self.board.note("mains", "on" if on else "lost")
            case {"power": bool() as on}:
                if on:
                    self._terminal.start()
                else:
                    self._terminal.lose_power()
            case _:
                raise BadOrder("no such order")

    def _break(self, device: str, fault: str) -> None:
        """Begin a fault, or end it with "none"."""
        match device:
            case "printer" if fault in PRINTER_FAULTS:
                self._on_loop(self._tray.change(PRINTER_FAULTS[PRINTER_FAULTS.index(fault)]))
            case "scanner" if fault in PLUG_FAULTS:
                self._scanner.change(PLUG_FAULTS[PLUG_FAULTS.index(fault)])
                self.board.show("scanner", fault)
            case "network" if fault in NETWORK_FAULTS:
                self._loop.call_soon_threadsafe(self._relay.change, NETWORK_FAULTS[NETWORK_FAULTS.index(fault)])
                self.board.show("network", fault)
            case "keypad" if fault in PLUG_FAULTS:
                self._keypad.change(PLUG_FAULTS[PLUG_FAULTS.index(fault)])
                self.board.show("keypad", fault)
            case "reader" if fault in self._reader.faults:
                self._reader.change(self._reader.faults[self._reader.faults.index(fault)])
                self.board.show("reader", fault)
            case _:
                raise BadOrder("no such fault")

    def _exchange_scanner(self, kind: ScannerKind) -> None:
        """As a technician does: another scanner, its address in the settings, and the terminal started again."""
        running = self._terminal.is_wanted
        self._terminal.stop()
        self._scanner.close()
        self._scanner, self._kind = new_scanner(kind, self._scanner_path), kind
        self._terminal.more = self._scanner_argument(kind)
        self.board.show("scanner", "none")
        self.board.show("scanner-kind", kind)
        if running:
            self._terminal.start()

    def _scanner_argument(self, kind: ScannerKind) -> tuple[str, ...]:
        return "--scanner", f"{kind}:{self._scanner_path}"

    def _card(self, order: dict[str, Any]) -> str:
        match order:
            case {"card": "insert", "kind": str(kind), "fault": str(fault)} if (
                kind in CARDS and fault in CARD_FAULT_NAMES
            ):
                inserted = self._cards.insert(kind, fault)
                self.board.note("card_in" if inserted else "no_reader", kind if inserted else "")
                return "done" if inserted else "no_reader"
            case {"card": "remove"}:
                self._cards.remove()
                self.board.note("card_out")
            case {"card": "tear"}:
                self._cards.tear()
                self.board.note("card_torn")
            case _:
                raise BadOrder("no such card")
        return "done"

    def _present(self, picture: Path, name: str) -> str:
        """name: for the log; of a picture that was dropped its own name is not told, it may be a visitor's."""
        came_of_it = self._scan(picture)
        self.board.note(came_of_it, name)
        return came_of_it

    def _scan(self, picture: Path) -> str:
        try:
            codes = codes_in(picture)
        except (NotAPicture, OSError):
            return "no_picture"
        if not codes:
            return "no_code"
        return "presented" if self._scanner.shows(picture, codes[0]) else "unplugged"

    def _hold(self, text: bytes, name: str) -> str:
        """Under the scanner, which reads printed lines as well as codes."""
        if isinstance(self._scanner, CameraFolder):
            return "camera_reads_no_lines"
        came_of_it = "presented" if self._scanner.reads(text) else "unplugged"
        self.board.note(came_of_it, name)
        return came_of_it

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(LOOP_SECONDS)


def _read_by_people(printed: Printed) -> dict[str, str]:
    """Dates as documents print them for people: day, month, year."""
    key = printed.key
    birth, expiry = (
        f"{date[4:]}.{date[2:4]}.{century}{date[:2]}" for date, century in ((key.birth, 19), (key.expiry, 20))
    )
    return {"document": key.number, "birth": birth, "expiry": expiry, "can": printed.can.digits}


async def _end_all() -> None:
    """Everything else on the loop."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _made(kind: type[PaperTray], paper: Path, speed: float, board: Board) -> PaperTray:
    """Make it on the loop that it belongs to."""
    return kind(paper, speed, board)
