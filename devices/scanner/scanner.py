"""The scanner as its supervisor runs it: its state, and the visit to which its scans belong.

A scan is of the present visit if the driver looked at the scanner after the last one ended. Both tell the time by the
machine's monotonic clock (nanoseconds), which is one for all processes (clock_gettime(2)); so who shows a slip while
the driver has not yet heard of the end is not made to show it again.
"""

import time
from collections.abc import Callable

from devices import wire
from devices.address import Absent, scanner_address
from devices.child import Child, DriverProcess
from devices.events import DeviceEvent, ScannerChanged, ScannerOverlong, ScannerRead
from devices.scanner.camera_events import CameraEvent, CameraPreview, CameraSees, Hint
from devices.scanner.states import ScannerOffline, ScannerReady, ScannerState, ScannerUnknown
from devices.wire import Head


def _nobody_listens(event: DeviceEvent) -> None:
    raise RuntimeError(f"{type(event).__name__} before start")


class Scanner:
    """address: see devices/address.py; raises ValueError for one that cannot be."""

    def __init__(self, address: str) -> None:
        there = not isinstance(scanner_address(address), Absent)
        self.driver = DriverProcess(["scanner", address]) if there else None
        self.state: ScannerState = ScannerUnknown("starting") if there else ScannerOffline("there is none")
        self.listener: Callable[[DeviceEvent], None] = _nobody_listens
        self.camera_listener: Callable[[CameraEvent], None] | None = None
        self._forgotten_at = 0

    def begin(self) -> None:
        self.listener(ScannerChanged(self.state))

    def started(self, child: Child) -> None:
        child.say({"do": "forget", "watch": self.camera_listener is not None})

    def hear(self, head: Head, body: bytes) -> None:
        match wire.text(head, "is"):
            case "state":
                self._is(state_from(head))
            case "read" if self._is_of_this_visit(head):
                self.listener(ScannerRead(body))
            case "overlong" if self._is_of_this_visit(head):
                self.listener(ScannerOverlong(wire.number(head, "length")))
            case "sees" if self.camera_listener is not None:
                hint = None if head.get("hint") is None else wire.member(head, "hint", Hint)
                self.camera_listener(CameraSees(bool(wire.number(head, "held")), hint))
            case "preview" if self.camera_listener is not None and self._is_of_this_visit(head):
                self.camera_listener(preview_from(head, body))
            case _:
                pass  # a sign of life, or a scan of a visit that is over

    def buried(self, how: str) -> None:
        self._is(ScannerUnknown(f"its driver {how} and is being started again"))
        if self.camera_listener is not None:
            self.camera_listener(CameraSees(held=False))

    def forget(self) -> None:
        """The visit is over: what was scanned up to now is never told. From any thread."""
        self._forgotten_at = time.monotonic_ns()

    def tell_forgotten(self) -> Child | None:
        """Tell the driver, as it must know of repeats. Gives the process that must hear of it."""
        child = self.driver.child if self.driver else None
        if child is not None:
            self.started(child)
        return child

    def stop(self) -> None:
        """Nothing is open that must end."""

    def _is_of_this_visit(self, head: Head) -> bool:
        return wire.number(head, "at") >= self._forgotten_at

    def _is(self, state: ScannerState) -> None:
        if state != self.state:
            self.state = state
            self.listener(ScannerChanged(state))


def preview_from(head: Head, body: bytes) -> CameraPreview:
    """Raises Nonsense for a picture of another size than it says."""
    width, height = wire.number(head, "width"), wire.number(head, "height")
    if width * height != len(body):
        raise wire.Nonsense("not a picture of that size")
    return CameraPreview(width, height, body)


def state_from(head: Head) -> ScannerState:
    """Raises Nonsense for a name that is no state."""
    match wire.text(head, "state"):
        case "ready":
            return ScannerReady()
        case "offline":
            return ScannerOffline(wire.text(head, "why"))
        case "unknown":
            return ScannerUnknown(wire.text(head, "why"))
        case other:
            raise wire.Nonsense(f"{other!r} is no state of a scanner")
