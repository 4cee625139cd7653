"""What every way to a printer offers, and which way an address means."""

from collections.abc import Callable
from typing import Protocol, assert_never

from devices.address import Absent, File, PrinterAddress, Tcp
from devices.printer.connection import Wait, wait_alone
from devices.printer.file import FilePrinter
from devices.printer.network import NetworkPrinter
from devices.printer.outcome import PrintOutcome
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


def open_printer(address: PrinterAddress, wait: Wait = wait_alone) -> Printer:
    """Not yet connected. Raises ValueError where there is no printer."""
    match address:
        case Tcp(host, port):
            return NetworkPrinter(host, port, wait=wait)
        case File(path):
            return FilePrinter(path, wait=wait)
        case Absent():
            raise ValueError("no printer is set")
        case _:
            assert_never(address)
