"""The talk with one printer, from the opening of its line to its end: what it says, and what is known of it by that.

Every call has a deadline, and none goes on past a fault of the line: it raises Fault.
"""

import time
from collections.abc import Callable, Iterator
from typing import Final

from devices.printer import escpos
from devices.printer.line import Line, LineGone
from devices.printer.profile import Profile, stands_in
from devices.printer.replies import Answer, AutomaticStatus, Named, Processed, ReplyParser, state_of_answers
from devices.printer.states import CoverOpen, Offline, PaperLow, PaperOut, PrinterState, Ready, Unknown

ANSWER_DEADLINE: Final = 1.0
"""Seconds for an answer to a status question, or to the probe for process ids, from an idle printer."""

LOOK_UP: Final = 0.1
"""Seconds that a send waits for room before it looks whether the printer told of a fault."""

FLOOD: Final = 4096
"""Bytes within a second from which on a printer does not report but babbles: replies are 4 or 7 bytes each."""

SEND_PIECE: Final = 2048


class Fault(Exception):
    """The talk is over: the printer is in this state."""

    def __init__(self, state: PrinterState) -> None:
        super().__init__(type(state).__name__)
        self.state = state


def unless_known(last: PrinterState, silent: PrinterState) -> PrinterState:
    """A printer that said why it stopped may be too full to say it again: its last word stands."""
    last_word = isinstance(last, PaperOut | CoverOpen) and isinstance(silent, Unknown)
    return last if last_word else silent


def _nobody_waits(identity: bytes) -> None:
    """A band of the job before, confirmed late."""


class Babble:
    """Tells when a printer says more than one has to say; over all connections, or each would begin in good faith."""

    def __init__(self) -> None:
        self._since = 0.0
        self._bytes = 0

    def counts(self, more: int, now: float) -> bool:
        """Count bytes; now: seconds of a monotonic clock. True while there are too many of them."""
        if now - self._since >= 1.0:
            self._since, self._bytes = now, 0
        self._bytes += more
        return self._bytes > FLOOD


class Talk:
    """identities: process ids, each for one question. state: the last that was known before this line was opened.

    name: the model that it says it is. confirms: whether it answered that it prints band by band (GS ( H).
    tells_by_itself: whether it reports paper and cover unasked (GS a). answers: whether anybody is there.
    """

    def __init__(
        self, line: Line, model: Profile, identities: Iterator[bytes], babble: Babble, state: PrinterState
    ) -> None:
        self.line = line
        self.state = state
        self.name: str | None = None
        self.confirms = self.tells_by_itself = False
        self.answers = True
        self.heard_at = 0.0
        self.in_job = False
        self.processed: Callable[[bytes], None] = _nobody_waits
        self._model = model
        self._identities = identities
        self._babble = babble
        self._parser = ReplyParser()
        self._knows_questions = False
        self._asked_again = False
        self._answer: int | None = None
        self._answered_name: str | None = None

    def greet(self) -> None:
        """Find out whether the printer confirms bands, switch automatic status on, and learn the state."""
        self.send(self._greeting(), ANSWER_DEADLINE)
        self.ask()
        if isinstance(self.state, Ready | PaperLow):
            self.listen_until(lambda: self._is_asked() and self.tells_by_itself, ANSWER_DEADLINE)

    def greet_again(self, more_seconds: float) -> None:
        """Ask, once, what a printer that was off line when it was greeted could not answer; it has so much more time.

        One that answers nothing, before it or to this either, may have found its voice before a later job: a question
        that every printer knows goes along.
        """
        if self.answers and not self._is_asked() and not self._asked_again:
            self._answer = None
            self.send(self._greeting() + escpos.real_time_status(1), ANSWER_DEADLINE)
            self.listen_until(self._is_asked, ANSWER_DEADLINE + more_seconds)
            self._asked_again = self._answer is not None

    def ask(self) -> None:
        """DLE EOT, one question at a time since the answers carry no name. Silence makes the state Unknown."""
        answers: dict[int, int] = {}
        for question in (1, 2, 4):
            self._answer = None
            self.send(escpos.real_time_status(question), ANSWER_DEADLINE)
            if not self.listen_until(lambda: self._answer is not None, ANSWER_DEADLINE):
                break
            answers[question] = self._answer or 0
        self.heard_at = time.monotonic()
        never_answers_but_tells = self.tells_by_itself and not self._knows_questions
        self.answers = bool(answers) or never_answers_but_tells
        if len(answers) == 3:
            self._is(state_of_answers(answers[1], answers[2], answers[4]))
        elif not never_answers_but_tells:
            self.state = unless_known(self.state, Unknown("the printer answers nothing"))
            if not self.line.proves_presence and self._model.tells is not False:
                raise Fault(self.state)  # nobody may be there: what was learnt of it is forgotten

    def ask_firmware(self) -> str | None:
        """GS I 65, to an idle printer that has paper; None when it does not say."""
        self._answered_name = None
        self._parser.names_expected = 1
        self.send(escpos.FIRMWARE, ANSWER_DEADLINE)
        self.listen_until(lambda: self._answered_name is not None, ANSWER_DEADLINE)
        return self._answered_name or None

    def new_identity(self) -> bytes:
        return next(self._identities)

    def send(self, data: bytes, deadline: float) -> None:
        """Hand all of data to the kernel; raises Fault when the printer takes no byte for `deadline` seconds."""
        rest = memoryview(data)
        until = time.monotonic() + deadline
        while rest:
            try:
                taken = self.line.send(rest[:SEND_PIECE], LOOK_UP)
            except LineGone as gone:
                raise Fault(Offline()) from gone
            if taken:
                rest = rest[taken:]
                until = time.monotonic() + deadline
                continue
            self.listen(0)
            if self.in_job:
                self.stop_at_fault()
            if time.monotonic() >= until:
                raise self.stalled("the printer stopped taking data")

    def not_yet_taken(self) -> int:
        """Bytes that still wait on this side."""
        try:
            return self.line.not_yet_taken()
        except LineGone as gone:
            raise Fault(Offline()) from gone

    def listen_until(self, satisfied: Callable[[], bool], deadline: float) -> bool:
        until = time.monotonic() + deadline
        while not satisfied():
            left = until - time.monotonic()
            if left <= 0:
                return False
            self.listen(left)
        return True

    def listen(self, seconds: float) -> None:
        """Take in what the printer says within so many seconds; returns after the first piece of it."""
        try:
            data = self.line.receive(seconds)
        except LineGone as gone:
            raise Fault(Offline()) from gone
        if not data:
            return
        self.heard_at = time.monotonic()
        if self._babble.counts(len(data), self.heard_at):
            raise Fault(Unknown("the printer talks without end"))
        for reply in self._parser.feed(data):
            self.answers = True
            match reply:
                case AutomaticStatus(state):
                    self.tells_by_itself = True
                    self._is(state)
                case Answer(byte):
                    self._knows_questions = True
                    self._answer = byte
                case Processed(identity):
                    self.confirms = True
                    self.processed(identity)
                case Named(text):
                    self._answered_name = text
                    self.name = self.name or text
                    self._is(self.state)

    def stop_at_fault(self) -> None:
        """Paper and cover wait for a person. Other faults, such as a hot head, may pass before the deadline."""
        if isinstance(self.state, PaperOut | CoverOpen):
            raise Fault(self.state)

    def stalled(self, why: str) -> Fault:
        """Return the fault of a printer that does not go on: what it told, if it told anything."""
        told = isinstance(self.state, Unknown) and self.answers
        return Fault(self.state if told else Unknown(why))

    def _is_asked(self) -> bool:
        """Whether it is known if it confirms. What it is, it said before: the questions are answered in order."""
        return self.confirms or self._model.confirms is False

    def _greeting(self) -> bytes:
        """Ask what it is and, unless its model is known not to, whether it confirms; have it tell its state by itself.

        A clone that does not know GS ( H or GS I may take their parameters for text: ESC @ clears them before they
        print.
        """
        self._parser.names_expected = 1
        probe = b"" if self._model.confirms is False else escpos.report_process_id(self.new_identity())
        return escpos.MODEL_NAME + probe + escpos.INITIALIZE + escpos.AUTOMATIC_STATUS

    def _is(self, state: PrinterState) -> None:
        """It could print, but our papers would not fit: then its state is that it is another model."""
        if self.name is not None and isinstance(state, Ready | PaperLow) and not stands_in(self.name, self._model):
            state = Unknown(f"a {self.name} answers where a {self._model.name} is set")
        self.state = state
