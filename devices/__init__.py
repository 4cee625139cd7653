"""Scanners and printers of a terminal or a desk. Imports nothing of the rest of the project.

What most callers need is here; it is imported when it is first used, because each driver's process imports this
package too and must stay small.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    from devices.printer.states import CoverOpen, Offline, PaperLow, PaperOut, PrinterState, Ready, Unknown
    from devices.raster import Raster
    from devices.scanner.states import ScannerOffline, ScannerReady, ScannerState, ScannerUnknown
    from devices.supervisor import Supervisor

__all__ = [
    "Confirmed",
    "CoverOpen",
    "DeviceEvent",
    "NotPrinted",
    "Offline",
    "PaperLow",
    "PaperOut",
    "PrintEnded",
    "PrintOutcome",
    "PrintProgress",
    "PrinterChanged",
    "PrinterState",
    "Raster",
    "Ready",
    "ScannerChanged",
    "ScannerOffline",
    "ScannerOverlong",
    "ScannerRead",
    "ScannerReady",
    "ScannerState",
    "ScannerUnknown",
    "Sent",
    "Supervisor",
    "Unknown",
]

_HOMES = (
    "devices.events",
    "devices.printer.outcome",
    "devices.printer.states",
    "devices.raster",
    "devices.scanner.states",
    "devices.supervisor",
)


def __getattr__(name: str) -> object:
    if name in __all__:
        for home in map(import_module, _HOMES):
            if hasattr(home, name):
                return getattr(home, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
