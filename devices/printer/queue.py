"""The printer as its supervisor runs it: its state, the job in hand, and those that wait."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from devices import wire
from devices.child import Child, DriverProcess
from devices.events import DeviceEvent, PrintEnded, PrinterChanged, PrintProgress
from devices.printer.outcome import NotPrinted, PrintOutcome
from devices.printer.states import Offline, PrinterState, Unknown
from devices.raster import Raster


@dataclass(slots=True)
class _Job:
    number: int
    raster: Raster
    rows: int = 0


def _nobody_listens(event: DeviceEvent) -> None:
    raise RuntimeError(f"{type(event).__name__} before start")


class PrintQueue:
    """driver: None where there is no printer. listener: must be quick and must not raise."""

    def __init__(self, driver: DriverProcess | None) -> None:
        self.driver = driver
        self.state: PrinterState = Unknown("starting") if driver else Offline()
        self.listener: Callable[[DeviceEvent], None] = _nobody_listens
        self._waiting: deque[_Job] = deque()
        self._in_hand: _Job | None = None

    def begin(self) -> None:
        self.listener(PrinterChanged(self.state))

    def accept(self, job: int, raster: Raster) -> None:
        if self.driver is None or self.driver.child is None:
            self.listener(PrintEnded(job, NotPrinted(self.state)))
        else:
            self._waiting.append(_Job(job, raster))

    def hand_over(self) -> Child | None:
        """One job at a time goes to the driver, so that the rest can still be dropped. Gives the process it is for."""
        if self._in_hand is not None or not self._waiting or self.driver is None:
            return None
        if self.driver.child is None:
            self.drop_waiting()
            return None
        job = self._waiting.popleft()
        self._in_hand = job
        head = {"do": "print", "job": job.number, "width": job.raster.width_dots, "rows": job.raster.rows}
        self.driver.child.say(head, job.raster.data)
        return self.driver.child

    def started(self, child: Child) -> None:
        """A new process needs to be told nothing: the job that its forerunner had in hand has ended."""

    def hear(self, head: wire.Head, body: bytes) -> None:
        job = self._in_hand
        match wire.text(head, "is"):
            case "state":
                self._is(wire.state_from(head))
            case "progress" if job is not None and wire.number(head, "job") == job.number:
                job.rows = wire.number(head, "rows")
                self.listener(PrintProgress(job.number, job.rows, wire.number(head, "of")))
            case "ended" if job is not None and wire.number(head, "job") == job.number:
                self._end(wire.outcome_from(head))
            case _:
                pass  # a sign of life

    def buried(self, how: str) -> None:
        self._is(Unknown(f"its driver {how} and is being started again"))
        if self._in_hand is not None:
            self._end(NotPrinted(self.state, self._in_hand.rows))

    def drop_waiting(self) -> None:
        while self._waiting:
            self.listener(PrintEnded(self._waiting.popleft().number, NotPrinted(self.state)))

    def stop(self) -> None:
        if self._in_hand is not None:
            self._end(NotPrinted(Unknown("the terminal stopped"), self._in_hand.rows))
        self.drop_waiting()

    def _end(self, outcome: PrintOutcome) -> None:
        job, self._in_hand = self._in_hand, None
        if job is not None:
            self.listener(PrintEnded(job.number, outcome))

    def _is(self, state: PrinterState) -> None:
        if state != self.state:
            self.state = state
            self.listener(PrinterChanged(state))
