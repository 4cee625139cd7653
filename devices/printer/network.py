"""A network printer (TCP, port 9100 by custom) that is believed only when it confirms.

Two bands are in flight: the printer prints one while the next travels, and a fault loses at most two. The send buffer
is small, so that what the kernel took is nearly what the printer took. Every call has a deadline. While a job runs the
printer is not asked for its status (an ask would queue behind the image): it tells by itself.
"""

import socket
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from devices.printer import connection, escpos
from devices.printer.connection import Wait, wait_alone
from devices.printer.outcome import Confirmed, NotPrinted, PrintOutcome, Sent
from devices.printer.replies import Answer, AutomaticStatus, Processed, ReplyParser, state_of_answers
from devices.printer.states import CoverOpen, Offline, PaperLow, PaperOut, PrinterState, Ready, Unknown
from devices.raster import Raster

ANSWER_DEADLINE: Final = 1.0
"""Seconds for an answer to a status question, or to the probe for process ids, from an idle printer."""

BAND_DEADLINE: Final = 6.0
"""Seconds without a confirmed band, or without a byte taken, after which a job has failed."""

CUT_DEADLINE: Final = 6.0
"""Seconds for the feed to the cutter, the cut and its confirmation."""

IDLE_ASK: Final = 5.0
"""Seconds of silence after which an idle printer is asked whether it is still there."""

LOOK_UP: Final = 0.1
"""Seconds that a send waits for room before it looks whether the printer told of a fault."""

BANDS_IN_FLIGHT: Final = 2
SEND_PIECE: Final = 2048


def _nobody_asks(rows: int) -> None:
    """Progress outside of a job: a band of the one before it, confirmed late."""


class _Fault(Exception):
    def __init__(self, state: PrinterState) -> None:
        super().__init__(type(state).__name__)
        self.state = state


class NetworkPrinter:
    """One printer at host:port, one owner. `state` is the last known; no method raises for a printer's fault."""

    def __init__(self, host: str, port: int, *, wait: Wait = wait_alone) -> None:
        self.state: PrinterState = Offline()
        self._address = (host, port)
        self._wait = wait
        self._socket: socket.socket | None = None
        self._parser = ReplyParser()
        self._tells_by_itself = False
        self._knows_questions = False
        self._confirms = False
        self._answers = True
        self._fresh = True
        self._in_job = False
        self._next_id = 0
        self._answer: int | None = None
        self._in_flight: deque[tuple[bytes, int]] = deque()
        self._progress: Callable[[int], None] = _nobody_asks
        self._rows = 0
        self._heard_at = 0.0

    @property
    def connected(self) -> bool:
        return self._socket is not None

    def connect(self) -> PrinterState:
        """Connect once, within `connection.CONNECT_DEADLINE`, and learn the state and what the printer can tell."""
        self.close()
        try:
            self._socket = connection.connect(*self._address, self._wait)
            if self._socket is None:
                raise _Fault(Offline())
            self._greet()
        except _Fault as fault:
            self._drop(fault.state)
        return self.state

    def watch(self, seconds: float) -> PrinterState:
        """Listen to an idle, connected printer for at most so long; asks it when it has been silent for `IDLE_ASK`."""
        try:
            self._listen(seconds)
            if time.monotonic() - self._heard_at >= IDLE_ASK:
                self._ask()
        except _Fault as fault:
            self._drop(fault.state)
        return self.state

    def print(self, raster: Raster, begun: Callable[[], None], progress: Callable[[int], None]) -> PrintOutcome:
        """Print and cut. `begun` is called before the first byte goes out; `progress` with the rows on paper so far.

        A connection that a fault interrupted is dropped: what was not yet taken is never printed later.
        """
        if self._socket is None:
            self.connect()
        if isinstance(self.state, PaperOut | CoverOpen | Offline) or (
            isinstance(self.state, Unknown) and self._answers
        ):
            return NotPrinted(self.state)
        self._rows, self._progress = 0, progress
        begun()
        self._in_job = True
        try:
            return self._print(raster)
        except _Fault as fault:
            self._drop(fault.state)
            return NotPrinted(fault.state, self._rows)
        finally:
            self._in_job = False
            self._in_flight.clear()
            self._progress = _nobody_asks

    def close(self) -> None:
        if self._socket is not None:
            connection.abandon(self._socket)
            self._socket = None

    def _drop(self, state: PrinterState) -> None:
        self.close()
        self.state = state

    def _greet(self) -> None:
        """Find out whether the printer confirms bands, switch automatic status on, and learn the state.

        A clone that does not know GS ( H may take its parameters for text: ESC @ clears them before they print.
        """
        self._parser = ReplyParser()
        self._fresh = True
        self._tells_by_itself = self._knows_questions = self._confirms = False
        probe = self._new_id()
        self._send(escpos.report_process_id(probe) + escpos.INITIALIZE + escpos.AUTOMATIC_STATUS, ANSWER_DEADLINE)
        self._ask()
        if isinstance(self.state, Ready | PaperLow):
            self._listen_until(lambda: self._confirms and self._tells_by_itself, ANSWER_DEADLINE)

    def _print(self, raster: Raster) -> PrintOutcome:
        if self._fresh:
            self._send(escpos.REST_OF_AN_IMAGE, BAND_DEADLINE)
            self._fresh = False
        if self._answers and not self._confirms:
            self._probe()
        confirms = self._confirms  # for the whole job: a late answer to the probe confirms no band of it
        self._send(escpos.INITIALIZE + escpos.AUTOMATIC_STATUS + escpos.MOTION_UNIT, BAND_DEADLINE)
        for band in escpos.bands(raster):
            self._await_bands(BANDS_IN_FLIGHT - 1, BAND_DEADLINE)
            self._send(band.commands + (self._mark(band.rows) if confirms else b""), BAND_DEADLINE)
        self._send(escpos.FEED_AND_CUT + (self._mark(raster.rows) if confirms else b""), BAND_DEADLINE)
        self._await_bands(1, BAND_DEADLINE)
        self._await_bands(0, CUT_DEADLINE)
        return Confirmed() if confirms else self._sent()

    def _mark(self, rows: int) -> bytes:
        """The request to confirm what goes before it: so many rows of the job."""
        identity = self._new_id()
        self._in_flight.append((identity, rows))
        return escpos.report_process_id(identity)

    def _await_bands(self, left: int, deadline: float) -> None:
        """Wait until at most so many bands are not yet confirmed, each within the deadline."""
        while (waiting := len(self._in_flight)) > left:

            def one_less(waiting: int = waiting) -> bool:
                if len(self._in_flight) < waiting:
                    return True
                self._stop_at_fault()
                return False

            if not self._listen_until(one_less, deadline):
                raise self._stalled("the printer stopped confirming")

    def _confirmed(self, identity: bytes) -> None:
        """A band is on paper, and with it those before it, should the word for one of them have been lost."""
        if any(identity == waiting for waiting, _ in self._in_flight):
            while self._in_flight:
                oldest, self._rows = self._in_flight.popleft()
                if oldest == identity:
                    break
            self._progress(self._rows)

    def _sent(self) -> PrintOutcome:
        """Wait until the printer took the last byte; ask one that answers whether it stopped."""
        deadline = time.monotonic() + BAND_DEADLINE
        while connection.not_yet_taken(self._connected()):
            if time.monotonic() >= deadline:
                raise self._stalled("the printer stopped taking data")
            self._listen(0.05)
            self._stop_at_fault()
        if not self._answers:
            return Sent("the printer answers nothing")
        self._ask()
        self._stop_at_fault()
        if isinstance(self.state, Unknown) and self._answers:
            raise _Fault(self.state)
        return Sent("the printer does not confirm")

    def _probe(self) -> None:
        """Ask once more for a process id: a printer that was off line when it was greeted could not answer."""
        self._send(escpos.report_process_id(self._new_id()), ANSWER_DEADLINE)
        self._listen_until(lambda: self._confirms, ANSWER_DEADLINE)

    def _ask(self) -> None:
        """DLE EOT, one question at a time since the answers carry no name. Silence makes the state Unknown."""
        answers: dict[int, int] = {}
        for question in (1, 2, 4):
            self._answer = None
            self._send(escpos.real_time_status(question), ANSWER_DEADLINE)
            if not self._listen_until(lambda: self._answer is not None, ANSWER_DEADLINE):
                break
            answers[question] = self._answer or 0
        self._heard_at = time.monotonic()
        never_answers_but_tells = self._tells_by_itself and not self._knows_questions
        self._answers = bool(answers) or never_answers_but_tells
        if len(answers) == 3:
            self.state = state_of_answers(answers[1], answers[2], answers[4])
        elif not never_answers_but_tells:
            self.state = Unknown("the printer answers nothing")

    def _stop_at_fault(self) -> None:
        """Paper and cover wait for a person. Other faults, such as a hot head, may pass before the deadline."""
        if isinstance(self.state, PaperOut | CoverOpen):
            raise _Fault(self.state)

    def _stalled(self, why: str) -> _Fault:
        told = isinstance(self.state, Unknown) and self._answers
        return _Fault(self.state if told else Unknown(why))

    def _new_id(self) -> bytes:
        self._next_id = (self._next_id + 1) % escpos.PROCESS_IDS
        return escpos.process_id(self._next_id)

    def _send(self, data: bytes, deadline: float) -> None:
        """Hand all of data to the kernel; raises _Fault when the printer takes no byte for `deadline` seconds."""
        line = self._connected()
        rest = memoryview(data)
        until = time.monotonic() + deadline
        while rest:
            if self._wait(line.fileno(), True, LOOK_UP):
                try:
                    taken = line.send(rest[:SEND_PIECE])
                except BlockingIOError:
                    continue
                except OSError as gone:
                    raise _Fault(Offline()) from gone
                rest = rest[taken:]
                until = time.monotonic() + deadline
                continue
            self._listen(0)
            if self._in_job:
                self._stop_at_fault()
            if time.monotonic() >= until:
                raise self._stalled("the printer stopped taking data")

    def _listen_until(self, satisfied: Callable[[], bool], deadline: float) -> bool:
        until = time.monotonic() + deadline
        while not satisfied():
            left = until - time.monotonic()
            if left <= 0:
                return False
            self._listen(left)
        return True

    def _listen(self, seconds: float) -> None:
        """Take in what the printer says within so many seconds; returns after the first piece of it."""
        line = self._connected()
        if not self._wait(line.fileno(), False, seconds):
            return
        try:
            data = line.recv(1024)
        except BlockingIOError:
            return
        except OSError as gone:
            raise _Fault(Offline()) from gone
        if not data:
            raise _Fault(Offline())
        self._heard_at = time.monotonic()
        for reply in self._parser.feed(data):
            self._answers = True
            match reply:
                case AutomaticStatus(state):
                    self._tells_by_itself = True
                    self.state = state
                case Answer(byte):
                    self._knows_questions = True
                    self._answer = byte
                case Processed(identity):
                    self._confirms = True
                    self._confirmed(identity)

    def _connected(self) -> socket.socket:
        if self._socket is None:
            raise _Fault(Offline())
        return self._socket
