"""A printer that is believed only when it confirms, on whatever line it hangs: connected, watched, printed on."""

import time
from collections.abc import Callable, Iterator
from typing import Final

from devices.printer import escpos
from devices.printer.job import Job, get_ready
from devices.printer.line import OpenLine
from devices.printer.outcome import NotPrinted, PrintOutcome
from devices.printer.profile import UNKNOWN, Profile
from devices.printer.states import Offline, PaperLow, PrinterState, Ready, Unknown
from devices.printer.talk import Babble, Fault, Talk, unless_known
from devices.raster import Raster

IDLE_ASK: Final = 5.0
"""Seconds of silence after which an idle printer is asked whether it is still there."""


class ConfirmingPrinter:
    """One printer, one owner. `state` is the last known; no method raises for a printer's fault.

    model: what was set for it; a printer that names itself as one with another head is not printed on.
    name: the model that it says it is, None until it said so.
    """

    def __init__(self, open_line: OpenLine, model: Profile = UNKNOWN) -> None:
        self.state: PrinterState = Offline()
        self._open_line = open_line
        self._model = model
        self._talk: Talk | None = None
        self._last: Talk | None = None
        self._fresh = True
        self._identities = _identities()
        self._babble = Babble()

    @property
    def name(self) -> str | None:
        return self._last.name if self._last is not None else None

    @property
    def confirms(self) -> bool:
        """Whether it answered that it prints band by band (GS ( H)."""
        return self._last is not None and self._last.confirms

    @property
    def tells_by_itself(self) -> bool:
        """Whether it reports paper and cover unasked (GS a)."""
        return self._last is not None and self._last.tells_by_itself

    @property
    def connected(self) -> bool:
        return self._talk is not None

    def connect(self) -> PrinterState:
        """Open the line once, within its deadline, and learn the state and what the printer can tell."""
        self.close()
        line = self._open_line()
        if line is None:
            self.state = Offline()
            return self.state
        self._talk = self._last = talk = Talk(line, self._model, self._identities, self._babble, self.state)
        self._fresh = True
        try:
            talk.greet()
            self.state = talk.state
        except Fault as fault:
            self._drop(unless_known(talk.state, fault.state))
        return self.state

    def watch(self, seconds: float) -> PrinterState:
        """Listen to an idle printer for at most so long; asks one that has been silent for `IDLE_ASK`."""
        if (talk := self._talk) is None:
            return self.state
        try:
            talk.listen(seconds)
            if time.monotonic() - talk.heard_at >= IDLE_ASK:
                talk.ask()
            self.state = talk.state
        except Fault as fault:
            self._drop(fault.state)
        return self.state

    def print(self, raster: Raster, begun: Callable[[], None], progress: Callable[[int], None]) -> PrintOutcome:
        """Print and cut. `begun` is called before the first byte goes out; `progress` with the rows on paper so far.

        A connection that a fault interrupted is dropped: what was not yet taken is never printed later.
        """
        talk = self._ready_to_print()
        if talk is None:
            return NotPrinted(self.state)
        job = Job(talk, self._model, progress)
        begun()
        talk.in_job = True
        try:
            outcome = job.print(raster)
            self.state = talk.state
            return outcome
        except Fault as fault:
            self._drop(fault.state)
            return NotPrinted(fault.state, job.rows)
        finally:
            talk.in_job = False

    def ask_firmware(self) -> str | None:
        """GS I 65 to an idle, connected printer that has paper; None when it does not say."""
        if self._talk is None:
            return None
        try:
            return self._talk.ask_firmware()
        except Fault as fault:
            self._drop(fault.state)
            return None

    def close(self) -> None:
        if self._talk is not None:
            self._talk.line.abandon()
            self._talk = None

    def _ready_to_print(self) -> Talk | None:
        """The talk with a printer on which a job may begin, connected first if need be; None where none may."""
        if self._talk is None:
            self.connect()
        if self._talk is not None and _may_print(self._talk):
            try:
                get_ready(self._talk, first=self._fresh)
                self._fresh = False
                self.state = self._talk.state
            except Fault as fault:
                self._drop(fault.state)
        return self._talk if self._talk is not None and _may_print(self._talk) else None

    def _drop(self, state: PrinterState) -> None:
        self.close()
        self.state = state


def _may_print(talk: Talk) -> bool:
    """Whether a job may begin; what answers nothing may still print, if anybody is there at all."""
    if isinstance(talk.state, Unknown):
        return not talk.answers
    return isinstance(talk.state, Ready | PaperLow)


def _identities() -> Iterator[bytes]:
    """Process ids, over all connections: one of a connection that was dropped must not confirm a band of the next."""
    number = 0
    while True:
        number = (number + 1) % escpos.PROCESS_IDS
        yield escpos.process_id(number)
