"""The terminal's heartbeat: a small report each minute, kept until the office has it, and what the office answers."""

import random
import sqlite3
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Final

from central_api.contract.errors import ContractError
from central_api.contract.heartbeat import (
    Heartbeat,
    HeartbeatAnswer,
    decode_answer,
    decode_heartbeat,
    encode_heartbeat,
)

from .logbook import Logbook

if TYPE_CHECKING:
    from .link import Answer, OfficeLink

# Seconds.
EVERY: Final = 60.0
JITTER: Final = 0.2  # of the pause, either way: a whole country's terminals start at eight
WITHIN: Final = 5.0
# Reports at a time: who was away for a day must not hold up the feed, nor the office.
AT_ONCE: Final = 60

_MOST_BYTES: Final = 4096
_ROUTE: Final = "/v1/heartbeats"
_KIND: Final = "application/cbor"

Measure = Callable[[int, int], Heartbeat]
"""Makes a report; takes its number, and how many others wait."""


class Pulse:
    """Reports to the office in time, in the order in which reports were made."""

    def __init__(self, logbook: Logbook, measure: Measure) -> None:
        self._logbook = logbook
        self._measure = measure
        self._due = monotonic()

    def beat(self, link: "OfficeLink") -> HeartbeatAnswer | None:
        """Report if it is time; gives the office's newest answer, None where there is none.

        What fails is tried again in a minute: nothing raises from here but a bug.
        """
        if monotonic() < self._due:
            return None
        self._due = monotonic() + EVERY * random.uniform(1 - JITTER, 1 + JITTER)
        try:
            return self._report(link)
        except sqlite3.DatabaseError:  # a failing disk: the office sees that we are silent
            return None

    def _report(self, link: "OfficeLink") -> HeartbeatAnswer | None:
        number = self._logbook.next_number()
        report = self._measure(number, self._logbook.waiting())
        body = encode_heartbeat(report)
        if not self._logbook.keep(number, body):
            return self._send(link, body)  # a full disk is what the office should hear of
        answer = None
        for number, body in self._logbook.oldest(AT_ONCE):
            # A report made under an older key names another machine, and would raise an alarm.
            if decode_heartbeat(body).machine == report.machine:
                answer = self._send(link, body)
                if answer is None:
                    return None
            self._logbook.sent(number)
        return answer

    def _send(self, link: "OfficeLink", body: bytes) -> HeartbeatAnswer | None:
        """Send one; None where it has to be sent again."""
        from .link import OfficeUnreachable

        try:
            answer = link.send("POST", _ROUTE, body, _KIND, seconds=WITHIN, most=_MOST_BYTES)
        except OfficeUnreachable:
            return None
        return _read(answer)


def _read(answer: "Answer") -> HeartbeatAnswer | None:
    if answer.status == 400:  # of an edition that the office does not read: it never will
        return HeartbeatAnswer(0, 0, head_agrees=True)
    if answer.status != 200:
        return None
    try:
        return decode_answer(answer.body)
    except ContractError:
        return None
