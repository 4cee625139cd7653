"""What every way to a printer offers, and which way an address means."""

from collections.abc import Callable
from typing import Protocol, assert_never

from devices.address import Absent, File, PrinterAddress, SerialPrinter, Tcp, Usb
from devices.printer.confirming import ConfirmingPrinter
from devices.printer.file import FilePrinter
from devices.printer.line import Line, Wait, wait_alone
from devices.printer.outcome import PrintOutcome
from devices.printer.profile import UNKNOWN, Profile
from devices.printer.states import PrinterState
from devices.raster import Raster


class Printer(Protocol):
    """One printer, one owner; no method raises for a printer's fault."""

    state: PrinterState

    @property
    def connected(self) -> bool: ...
    def connect(self) -> PrinterState: ...
    def watch(self, seconds: float) -> PrinterState: ...
    def print(self, raster: Raster, begun: Callable[[], None], progress: Callable[[int], None]) -> PrintOutcome: ...
    def close(self) -> None: ...


def open_printer(address: PrinterAddress, model: Profile = UNKNOWN, wait: Wait = wait_alone) -> Printer:
    """Not yet connected. Raises ValueError where there is no printer."""
    match address:
        case File(path):
            return FilePrinter(path, model, wait=wait)
        case Absent():
            raise ValueError("no printer is set")
        case Tcp() | SerialPrinter() | Usb():
            return ConfirmingPrinter(lambda: open_line(address, model, wait), model)
        case _:
            assert_never(address)


def open_line(address: Tcp | SerialPrinter | Usb, model: Profile, wait: Wait) -> Line | None:
    """The line to a printer, None when nobody is there. What a way alone needs is imported for it alone."""
    match address:
        case Tcp(host, port):
            from devices.printer.tcp import open_tcp

            return open_tcp(host, port, wait)
        case SerialPrinter(path, baud):
            from devices.printer.serial import open_serial

            return open_serial(path, baud, model.flow, wait)
        case Usb(vendor, product, serial):
            from devices.printer.usb import open_usb

            return open_usb(vendor, product, serial, wait)
        case _:
            assert_never(address)
