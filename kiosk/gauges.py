"""What a running terminal knows of itself for its heartbeat: devices as they were last told, and what it did since."""

from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from central_api.contract.heartbeat import DeviceKind, DeviceReport, DeviceState
from devices.card.events import CardEvent, CardReaderChanged
from devices.card.states import (
    CardMute,
    CardPresent,
    CardReaderState,
    CardReaderUnknown,
    ReaderAbsent,
    ReaderEmpty,
    ServiceAbsent,
)
from devices.events import DeviceEvent, PrintEnded, PrinterChanged, ScannerChanged
from devices.keypad.events import KeypadChanged, KeypadEvent
from devices.keypad.states import KeypadOffline, KeypadReady, KeypadState, KeypadUnknown
from devices.printer.outcome import Confirmed, NotPrinted
from devices.printer.paper import printed_mm
from devices.printer.states import CoverOpen, Offline, PaperLow, PaperOut, PrinterState, Ready, Unknown
from devices.scanner.states import ScannerOffline, ScannerReady, ScannerState, ScannerUnknown


@dataclass(slots=True)
class Gauges:
    """Counts since this process started. Written by the threads that know, read by the one that reports.

    `without`: devices that this terminal has none of; that they do not answer is no fault. `journal`: the printer's.
    """

    without: frozenset[DeviceKind] = frozenset()
    journal: Path | None = None
    printer: DeviceState | None = None
    scanner: DeviceState | None = None
    card_reader: DeviceState | None = None
    keypad: DeviceState | None = None
    visits: int = 0
    printed: int = 0
    not_printed: int = 0

    def heard(self, said: DeviceEvent) -> None:
        """Take what a device said."""
        match said:
            case PrinterChanged(state):
                self.printer = _printer(state)
            case ScannerChanged(state):
                self.scanner = _scanner(state)
            case PrintEnded(_, Confirmed()):
                self.printed += 1
            case PrintEnded(_, NotPrinted()):
                self.not_printed += 1
            case _:
                pass

    def heard_of_card_reader(self, said: CardEvent) -> None:
        """Take how the reader is; what is in it is nobody's here."""
        if isinstance(said, CardReaderChanged):
            self.card_reader = _card_reader(said.state)

    def heard_of_keypad(self, said: KeypadEvent) -> None:
        """Take how the keypad is; which keys were pressed is nobody's here."""
        if isinstance(said, KeypadChanged):
            self.keypad = _keypad(said.state)

    def paper_mm(self) -> int | None:
        """Millimetres printed since the roll was put in; None where nobody counts."""
        return None if self.journal is None else printed_mm(self.journal)

    def devices(self) -> tuple[DeviceReport, ...]:
        """Tell the devices of which something was heard."""
        told = (
            (DeviceKind.PRINTER, self.printer),
            (DeviceKind.SCANNER, self.scanner),
            (DeviceKind.CARD_READER, self.card_reader),
            (DeviceKind.KEYPAD, self.keypad),
        )
        absent = DeviceState.ABSENT
        return tuple(
            DeviceReport(kind, absent if kind in self.without else state) for kind, state in told if state is not None
        )


def devices_without(*, printer: str, scanner: str, card_reader: str, keypad: str) -> frozenset[DeviceKind]:
    """Say which devices a terminal has none of, by their addresses in its settings."""
    addresses = (
        (DeviceKind.PRINTER, printer),
        (DeviceKind.SCANNER, scanner),
        (DeviceKind.CARD_READER, card_reader),
        (DeviceKind.KEYPAD, keypad),
    )
    return frozenset(kind for kind, address in addresses if address == "none")


def _printer(state: PrinterState) -> DeviceState:
    match state:
        case Ready():
            return DeviceState.READY
        case PaperLow():
            return DeviceState.PAPER_LOW
        case PaperOut():
            return DeviceState.PAPER_OUT
        case CoverOpen():
            return DeviceState.COVER_OPEN
        case Offline():
            return DeviceState.OFFLINE
        case Unknown():
            return DeviceState.UNKNOWN
        case _:
            assert_never(state)


def _scanner(state: ScannerState) -> DeviceState:
    match state:
        case ScannerReady():
            return DeviceState.READY
        case ScannerOffline():
            return DeviceState.OFFLINE
        case ScannerUnknown():
            return DeviceState.UNKNOWN
        case _:
            assert_never(state)


def _card_reader(state: CardReaderState) -> DeviceState:
    match state:
        case ReaderEmpty() | CardPresent() | CardMute():
            return DeviceState.READY
        case ReaderAbsent() | ServiceAbsent():
            return DeviceState.OFFLINE
        case CardReaderUnknown():
            return DeviceState.UNKNOWN
        case _:
            assert_never(state)


def _keypad(state: KeypadState) -> DeviceState:
    match state:
        case KeypadReady():
            return DeviceState.READY
        case KeypadOffline():
            return DeviceState.OFFLINE
        case KeypadUnknown():
            return DeviceState.UNKNOWN
        case _:
            assert_never(state)
