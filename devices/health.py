"""How a device and its driver are, for a self-test or a heartbeat."""

import time
from dataclasses import dataclass
from typing import Literal

from devices.card.states import CardReaderState
from devices.child import DriverProcess
from devices.keypad.states import KeypadState
from devices.printer.states import PrinterState
from devices.scanner.states import ScannerState

DeviceName = Literal["printer", "scanner", "card", "keypad"]
DeviceState = PrinterState | ScannerState | CardReaderState | KeypadState


@dataclass(frozen=True, slots=True)
class DriverHealth:
    """present: whether such a device is set at all. restarts: of its driver, since the terminal started.

    last_failure: how its driver ended last (died, hung, flooded us, spoke nonsense), empty if it never did.
    back_in: seconds until the next attempt while its driver does not run, 0 while it runs.
    """

    device: DeviceName
    state: DeviceState
    present: bool
    running: bool
    restarts: int
    last_failure: str
    back_in: float


def health_of(device: DeviceName, state: DeviceState, driver: DriverProcess | None) -> DriverHealth:
    if driver is None:
        return DriverHealth(device, state, False, False, 0, "", 0.0)
    running = driver.child is not None
    back_in = 0.0 if running else max(0.0, driver.start_at - time.monotonic())
    return DriverHealth(device, state, True, running, driver.restarts, driver.last_failure, back_in)
