"""A printer that is believed only when it confirms, on whatever line it hangs.

Two bands are in flight: the printer prints one while the next travels, and a fault loses at most two. The line holds
little, so that what it took is nearly what the printer took. Every call has a deadline. While a job runs the
printer is not asked for its status (an ask would queue behind the image): it tells by itself.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from devices.printer import escpos
from devices.printer.line import Line, LineGone, OpenLine
from devices.printer.outcome import Confirmed, NotPrinted, PrintOutcome, Sent
from devices.printer.profile import UNKNOWN, Profile, stands_in
from devices.printer.replies import Answer, AutomaticStatus, Named, Processed, ReplyParser, state_of_answers
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

FLOOD: Final = 4096
"""Bytes within a second from which on a printer does not report but babbles: replies are 4 or 7 bytes each."""

BANDS_IN_FLIGHT: Final = 2
SEND_PIECE: Final = 2048


def _nobody_asks(rows: int) -> None:
    """Progress outside of a job: a band of the one before it, confirmed late."""


class _Fault(Exception):
    def __init__(self, state: PrinterState) -> None:
        super().__init__(type(state).__name__)
        self.state = state


class ConfirmingPrinter:
    """One printer, one owner. `state` is the last known; no method raises for a printer's fault.

    model: what was set for it; a printer that names itself as one with another head is not printed on.
    name: the model that it says it is, None until it said so.
    """

    def __init__(self, open_line: OpenLine, model: Profile = UNKNOWN) -> None:
        self.state: PrinterState = Offline()
        self.name: str | None = None
        self._open_line = open_line
        self._model = model
        self._line: Line | None = None
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
        self._answered_name: str | None = None
        self._flood_since = 0.0
        self._flood_bytes = 0

    @property
    def confirms(self) -> bool:
        """Whether it answered that it prints band by band (GS ( H)."""
        return self._confirms

    @property
    def tells_by_itself(self) -> bool:
        """Whether it reports paper and cover unasked (GS a)."""
        return self._tells_by_itself

    @property
    def connected(self) -> bool:
        return self._line is not None

    def connect(self) -> PrinterState:
        """Open the line once, within its deadline, and learn the state and what the printer can tell."""
        self.close()
        try:
            self._line = self._open_line()
            if self._line is None:
                raise _Fault(Offline())
            self._greet()
        except _Fault as fault:
            self._drop(self._unless_known(fault.state))
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
        if self._line is None:
            self.connect()
        if not self._may_print():
            return NotPrinted(self.state)
        try:
            self._get_ready()
        except _Fault as fault:
            self._drop(fault.state)
        if not self._may_print():
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

    def ask_firmware(self) -> str | None:
        """GS I 65 to an idle, connected printer that has paper; None when it does not say."""
        self._answered_name = None
        self._parser.names_expected = 1
        try:
            self._send(escpos.FIRMWARE, ANSWER_DEADLINE)
            self._listen_until(lambda: self._answered_name is not None, ANSWER_DEADLINE)
        except _Fault as fault:
            self._drop(fault.state)
        return self._answered_name or None

    def close(self) -> None:
        if self._line is not None:
            self._line.abandon()
            self._line = None

    def _drop(self, state: PrinterState) -> None:
        self.close()
        self.state = state

    def _may_print(self) -> bool:
        """Whether a job may begin; what answers nothing may still print, if anybody is there at all."""
        if isinstance(self.state, Unknown):
            return self._line is not None and not self._answers
        return isinstance(self.state, Ready | PaperLow)

    def _greet(self) -> None:
        """Find out whether the printer confirms bands, switch automatic status on, and learn the state.

        A clone that does not know GS ( H or GS I may take their parameters for text: ESC @ clears them before they
        print.
        """
        self._parser = ReplyParser()
        self.name = None
        self._fresh = True
        self._tells_by_itself = self._knows_questions = self._confirms = False
        self._send(self._questions() + escpos.INITIALIZE + escpos.AUTOMATIC_STATUS, ANSWER_DEADLINE)
        self._ask()
        if isinstance(self.state, Ready | PaperLow):
            self._listen_until(lambda: self._is_asked() and self._tells_by_itself, ANSWER_DEADLINE)

    def _get_ready(self) -> None:
        """Before the first job of a connection, ask what a printer that was off line when greeted could not answer."""
        if not self._fresh:
            return
        self._send(escpos.REST_OF_AN_IMAGE, self._patience(BAND_DEADLINE))
        self._fresh = False
        if self._answers and not self._is_asked():
            self._send(self._questions() + escpos.INITIALIZE + escpos.AUTOMATIC_STATUS, ANSWER_DEADLINE)
            self._listen_until(self._is_asked, self._patience(ANSWER_DEADLINE))

    def _is_asked(self) -> bool:
        """Whether it is known if it confirms. What it is, it said before: the questions are answered in order."""
        return self._confirms or self._model.confirms is False

    def _questions(self) -> bytes:
        """Whether it confirms, unless its model is known not to, and what it is."""
        self._parser.names_expected = 1
        probe = b"" if self._model.confirms is False else escpos.report_process_id(self._new_id())
        return escpos.MODEL_NAME + probe

    def _print(self, raster: Raster) -> PrintOutcome:
        confirms = self._confirms  # for the whole job: a late answer to the probe confirms no band of it
        deadline = self._patience(BAND_DEADLINE)
        self._send(escpos.INITIALIZE + escpos.AUTOMATIC_STATUS + escpos.motion_unit(self._model.dpi), deadline)
        for band in escpos.bands(raster):
            self._await_bands(BANDS_IN_FLIGHT - 1, deadline)
            self._send(band.commands + (self._mark(band.rows) if confirms else b""), deadline)
        end = escpos.FEED_AND_CUT if self._model.cuts else escpos.FEED_TO_TEAR
        self._send(end + (self._mark(raster.rows) if confirms else b""), deadline)
        self._await_bands(1, deadline)
        self._await_bands(0, CUT_DEADLINE)
        return Confirmed() if confirms else self._sent()

    def _patience(self, seconds: float) -> float:
        """The deadline on a line that itself needs time for the bands in flight."""
        line = self._connected()
        return seconds + line.byte_seconds * BANDS_IN_FLIGHT * len(escpos.REST_OF_AN_IMAGE)

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
        deadline = time.monotonic() + self._patience(BAND_DEADLINE)
        while self._waiting_bytes():
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

    def _waiting_bytes(self) -> int:
        try:
            return self._connected().not_yet_taken()
        except LineGone as gone:
            raise _Fault(Offline()) from gone

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
            self._is(state_of_answers(answers[1], answers[2], answers[4]))
        elif not never_answers_but_tells:
            self.state = self._unless_known(Unknown("the printer answers nothing"))
            if not self._connected().proves_presence and self._model.tells is not False:
                raise _Fault(self.state)  # nobody may be there: what was learnt of it is forgotten

    def _unless_known(self, silent: PrinterState) -> PrinterState:
        """A printer that said why it stopped may be too full to say it again: its last word stands."""
        last_word = isinstance(self.state, PaperOut | CoverOpen) and isinstance(silent, Unknown)
        return self.state if last_word else silent

    def _is(self, state: PrinterState) -> None:
        """It could print, but our papers would not fit: then its state is that it is another model."""
        if self.name is not None and isinstance(state, Ready | PaperLow) and not stands_in(self.name, self._model):
            state = Unknown(f"a {self.name} answers where a {self._model.name} is set")
        self.state = state

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
            try:
                taken = line.send(rest[:SEND_PIECE], LOOK_UP)
            except LineGone as gone:
                raise _Fault(Offline()) from gone
            if taken:
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
        try:
            data = self._connected().receive(seconds)
        except LineGone as gone:
            raise _Fault(Offline()) from gone
        if not data:
            return
        self._heard_at = time.monotonic()
        self._stop_at_flood(len(data))
        for reply in self._parser.feed(data):
            self._answers = True
            match reply:
                case AutomaticStatus(state):
                    self._tells_by_itself = True
                    self._is(state)
                case Answer(byte):
                    self._knows_questions = True
                    self._answer = byte
                case Processed(identity):
                    self._confirms = True
                    self._confirmed(identity)
                case Named(text):
                    self._answered_name = text
                    self.name = self.name or text
                    self._is(self.state)

    def _stop_at_flood(self, more: int) -> None:
        if self._heard_at - self._flood_since >= 1.0:
            self._flood_since, self._flood_bytes = self._heard_at, 0
        self._flood_bytes += more
        if self._flood_bytes > FLOOD:
            raise _Fault(Unknown("the printer talks without end"))

    def _connected(self) -> Line:
        if self._line is None:
            raise _Fault(Offline())
        return self._line
