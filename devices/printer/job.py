"""One document on its way to paper, band by band, over the talk with a printer.

Two bands are in flight: the printer prints one while the next travels, and a fault loses at most two. The line holds
little, so that what it took is nearly what the printer took. While a job runs the printer is not asked for its status
(an ask would queue behind the image): it tells by itself.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from devices.printer import escpos
from devices.printer.outcome import Confirmed, PrintOutcome, Sent
from devices.printer.profile import Profile
from devices.printer.states import Unknown
from devices.printer.talk import Fault, Talk
from devices.raster import Raster

BAND_DEADLINE: Final = 6.0
"""Seconds without a confirmed band, or without a byte taken, after which a job has failed."""

CUT_DEADLINE: Final = 6.0
"""Seconds for the feed to the cutter, the cut and its confirmation."""

BANDS_IN_FLIGHT: Final = 2


def get_ready(talk: Talk, *, first: bool) -> None:
    """Before a job: the `first` of a connection ends an image that a line cut off; what was not answered is asked."""
    if first:
        talk.send(escpos.REST_OF_AN_IMAGE, BAND_DEADLINE + _on_its_way(talk))
    talk.greet_again(_on_its_way(talk))


def _on_its_way(talk: Talk) -> float:
    """Seconds that the line itself needs for the bands in flight."""
    return talk.line.byte_seconds * BANDS_IN_FLIGHT * len(escpos.REST_OF_AN_IMAGE)


class Job:
    """progress: called with the rows on paper so far, which are `rows`."""

    def __init__(self, talk: Talk, model: Profile, progress: Callable[[int], None]) -> None:
        self.rows = 0
        self._talk = talk
        self._model = model
        self._progress = progress
        self._confirms = talk.confirms  # for the whole job: a late answer to the probe confirms no band of it
        self._in_flight: deque[tuple[bytes, int]] = deque()

    def print(self, raster: Raster) -> PrintOutcome:
        """Print and cut. Raises Fault."""
        self._talk.processed = self._confirmed
        deadline = BAND_DEADLINE + _on_its_way(self._talk)
        begin = escpos.INITIALIZE + escpos.AUTOMATIC_STATUS + escpos.motion_unit(self._model.dpi)
        self._talk.send(begin, deadline)
        for band in escpos.bands(raster):
            self._await_bands(BANDS_IN_FLIGHT - 1, deadline)
            self._talk.send(band.commands + self._mark(band.rows), deadline)
        end = escpos.FEED_AND_CUT if self._model.cuts else escpos.FEED_TO_TEAR
        self._talk.send(end + self._mark(raster.rows), deadline)
        self._await_bands(1, deadline)
        self._await_bands(0, CUT_DEADLINE)
        return Confirmed() if self._confirms else self._sent(deadline)

    def _mark(self, rows: int) -> bytes:
        """The request to confirm what goes before it, so many rows of the job; nothing to who does not confirm."""
        if not self._confirms:
            return b""
        identity = self._talk.new_identity()
        self._in_flight.append((identity, rows))
        return escpos.report_process_id(identity)

    def _await_bands(self, left: int, deadline: float) -> None:
        """Wait until at most so many bands are not yet confirmed, each within the deadline."""
        while (waiting := len(self._in_flight)) > left:

            def one_less(waiting: int = waiting) -> bool:
                if len(self._in_flight) < waiting:
                    return True
                self._talk.stop_at_fault()
                return False

            if not self._talk.listen_until(one_less, deadline):
                raise self._talk.stalled("the printer stopped confirming")

    def _confirmed(self, identity: bytes) -> None:
        """A band is on paper, and with it those before it, should the word for one of them have been lost."""
        if any(identity == waiting for waiting, _ in self._in_flight):
            while self._in_flight:
                oldest, self.rows = self._in_flight.popleft()
                if oldest == identity:
                    break
            self._progress(self.rows)

    def _sent(self, seconds: float) -> PrintOutcome:
        """Wait until the printer took the last byte; ask one that answers whether it stopped."""
        deadline = time.monotonic() + seconds
        while self._talk.not_yet_taken():
            if time.monotonic() >= deadline:
                raise self._talk.stalled("the printer stopped taking data")
            self._talk.listen(0.05)
            self._talk.stop_at_fault()
        if not self._talk.answers:
            return Sent("the printer answers nothing")
        self._talk.ask()
        self._talk.stop_at_fault()
        if isinstance(self._talk.state, Unknown) and self._talk.answers:
            raise Fault(self._talk.state)
        return Sent("the printer does not confirm")
