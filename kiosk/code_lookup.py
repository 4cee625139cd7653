"""Tracking number and secret code: the office alone can tell whether they belong together (`POST /v1/lookups`).

A wrong code is not the network's fault, and a cut network is no wrong code: each has its own answer.
"""

import json
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, Final, TypeAlias

from central_api.contract import cbor
from central_api.contract.errors import ContractError, Unreadable

from .entry_state import Locked, NoMatch
from .own_office import OwnOffice
from .sheets import just_answered, sheet_of
from .visit_state import Found, NotFound, ProblemKind

if TYPE_CHECKING:
    from .link import Answer

# Seconds for the office's whole answer. There is nothing else to show meanwhile.
OFFICE_WITHIN: Final = 6.0
# Where the office does not say how long it locks: its shortest lock.
_USUAL_LOCK: Final = 60
_MOST_BYTES: Final = 1 << 16

CodeAnswer: TypeAlias = Found | NotFound | NoMatch | Locked


class CodeLookup:
    """Asks the office on threads of its own."""

    def __init__(self, office: OwnOffice) -> None:
        self._office = office
        self._vault, self._clock, self._belief = office.vault, office.clock, office.belief

    def start(self, tracking: str, code: str, answer: Callable[[CodeAnswer], None]) -> None:
        """Ask on a thread of its own, and call `answer` there."""
        Thread(target=lambda: answer(self.find(tracking, code)), name="code", daemon=True).start()

    def find(self, tracking: str, code: str) -> CodeAnswer:
        """Ask for the status of a number (11 digits) by its secret code (8 digits)."""
        from .link import OfficeUnreachable

        body = json.dumps({"tracking": tracking, "code": code}).encode()
        link = self._office.link()
        try:
            answer = link.send("POST", "/v1/lookups", body, "application/json", seconds=OFFICE_WITHIN, most=_MOST_BYTES)
        except OfficeUnreachable as error:
            self._belief.believe(False, str(error))
            return NotFound(ProblemKind.UNREACHABLE)
        finally:
            link.close()
        match answer.status, answer.problem:
            case 200, _:
                return self._open(answer.body, tracking)
            case 404, "no_match":
                return NoMatch()
            case 410, "expired":
                return NotFound(ProblemKind.EXPIRED)
            case 429, _:
                return Locked(_retry_after(answer))
            case _:  # a page of a proxy, an office that fails, a terminal that it does not take: nothing was judged
                return NotFound(ProblemKind.UNREACHABLE)

    def _open(self, body: bytes, tracking: str) -> Found | NotFound:
        pins = self._vault.pins
        if pins is None:
            return NotFound(ProblemKind.UNREACHABLE)
        try:
            read = cbor.Fields(cbor.decode(body))
            sheet = sheet_of(read.blob(2), read.uint(1), self._vault, pins, just_answered(self._clock))
            if sheet.status.tracking != tracking:
                raise Unreadable("of another application")
        except ContractError:
            return NotFound(ProblemKind.UNREADABLE)
        return Found(sheet)


def _retry_after(answer: "Answer") -> int:
    said = answer.headers.get("Retry-After", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else _USUAL_LOCK
