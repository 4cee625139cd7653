"""From a slip to the status it opens: this terminal's vault first, then the office if it answers in time.

The newer version wins. What does not open with the slip, or contradicts it, is not shown. Nothing that anybody sends
raises from here.
"""

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import field
from threading import Thread, local
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from central_api.contract import keys
from central_api.contract.errors import ContractError, Unreadable
from central_api.contract.feed import Tombstone
from central_api.contract.sealed import open_sealed, sealed_version
from central_api.contract.slips import Slip

from .frozen import frozen
from .own_office import OwnOffice
from .sheets import sheet_of
from .vault import Held, Pins
from .visit_state import DataAge, Found, LookUpResult, NotFound, ProblemKind

if TYPE_CHECKING:
    from .link import OfficeLink

# Seconds.
OFFICE_WITHIN_IF_HELD: Final = 0.4  # the visitor could read the vault's answer meanwhile
OFFICE_WITHIN_IF_NOT: Final = 5.0  # there is nothing else to show
OFFICE_WITHIN_IF_CUT: Final = 1.5  # believed cut, and nothing else to show
MAX_SEALED_BYTES: Final = 1 << 16
_ASKERS: Final = 2


@frozen
class _Sealed:
    """The office has this at the slot."""

    sealed: bytes = field(repr=False)


@frozen
class _NothingNewer:
    """The office has the version that the vault has."""


@frozen
class _NotThere:
    """The office knows no such slot."""


@frozen
class _Withdrawn:
    """The office has withdrawn what lay at the slot, and why."""

    why: Tombstone


@frozen
class _NoAnswer:
    """No answer in time, or none that makes sense."""


_OfficeSays: TypeAlias = _Sealed | _NothingNewer | _NotThere | _Withdrawn | _NoAnswer


class Lookup:
    """Looks slips up on threads of its own."""

    def __init__(self, office: OwnOffice) -> None:
        self._office = office
        self._vault, self._clock, self._belief = office.vault, office.clock, office.belief
        # The office is asked on yet another thread: resolving a name has no deadline, and must not hold a visitor.
        self._askers = ThreadPoolExecutor(_ASKERS, "ask")
        self._asker = local()

    def start(self, slip: Slip, answer: Callable[[LookUpResult], None]) -> None:
        """Find on a thread of its own, and call `answer` there."""
        Thread(target=lambda: answer(self.find(slip)), name="lookup", daemon=True).start()

    def close(self) -> None:
        """Ask the office no more; does not wait for what hangs."""
        self._askers.shutdown(wait=False, cancel_futures=True)

    def find(self, slip: Slip) -> LookUpResult:
        """Find the newest status of a slip."""
        pins = self._vault.pins
        if pins is None:
            return NotFound(ProblemKind.UNREACHABLE)
        slot = keys.slot(slip.key)
        try:
            held = self._vault.find(slot)
        except sqlite3.DatabaseError:  # a disk that cannot be read: the office may still answer
            held = None
        if held is not None and isinstance(held.sealed, Tombstone):
            return NotFound(_KIND[held.sealed])
        return self._newest(slip, slot, held, pins)

    def _newest(self, slip: Slip, slot: bytes, held: Held | None, pins: Pins) -> LookUpResult:
        says = self._ask(slot, held)
        match says:
            case _Withdrawn(why):
                return NotFound(_KIND[why])
            case _Sealed(sealed) if held is None or _is_newer(sealed, held):
                found = self._open(slip, sealed, None, pins, answered=True)
                if isinstance(found, Found) or held is None:
                    return found
                answered = False  # what claims to be newer does not hold: that was not the office
            case _NotThere() if held is None:
                return NotFound(ProblemKind.UNKNOWN)
            case _NoAnswer() if held is None:
                return NotFound(ProblemKind.UNREACHABLE)
            case _NothingNewer():
                answered = True
            case _Sealed(sealed):
                answered = held is not None and _same_version(sealed, held)  # an older one is a stale copy's
            case _NotThere() | _NoAnswer():  # a signed page gave it to us: an unsigned "not there" is a stale copy's
                answered = False
        if held is None or isinstance(held.sealed, Tombstone):
            return NotFound(ProblemKind.UNREACHABLE)
        return self._open(slip, held.sealed, held.version, pins, answered=answered)

    def _open(self, slip: Slip, sealed: bytes, version: int | None, pins: Pins, *, answered: bool) -> LookUpResult:
        """Open with the slip; refuse what disagrees with it, with its receipt, or with the version it lay under."""
        try:
            opened, plain = open_sealed(sealed, slip.key)
            sheet = sheet_of(plain, opened, self._vault, pins, self._age(answered=answered))
            if sheet.status.tracking != slip.tracking or version not in {None, opened}:
                raise Unreadable("of another application or version")
        except ContractError:
            return NotFound(ProblemKind.UNREADABLE)
        return Found(sheet)

    def _age(self, *, answered: bool) -> DataAge:
        now = self._clock.now()
        signed_at = self._vault.mark.time or None
        if not now.trusted:
            return DataAge(signed_at, None, link_cut=not answered)
        # What the office has just confirmed is as of now; else it was the newest when the last page was signed.
        return DataAge(now.seconds if answered else signed_at, now.seconds, link_cut=not answered)

    def _ask(self, slot: bytes, held: Held | None) -> _OfficeSays:
        if self._belief.revoked or (held is not None and not self._belief.up):
            return _NoAnswer()  # who is revoked gets nothing: not even what any phone may ask for
        within = OFFICE_WITHIN_IF_HELD
        if held is None:
            within = OFFICE_WITHIN_IF_NOT if self._belief.up else OFFICE_WITHIN_IF_CUT
        try:
            asking: Future[_OfficeSays] = self._askers.submit(self._get, slot, held, within)
        except RuntimeError:  # the terminal stops
            return _NoAnswer()
        try:
            return asking.result(within)
        except CancelledError:  # it stopped meanwhile
            return _NoAnswer()
        except TooLate:
            asking.cancel()
            self._belief.believe(False, "a look-up waited in vain")
            return _NoAnswer()

    def _get(self, slot: bytes, held: Held | None, within: float) -> _OfficeSays:
        from .link import OfficeUnreachable

        headers = {"If-None-Match": f'"{held.version}"'} if held else None
        try:
            answer = self._link().get(
                f"/v1/statuses/{slot.hex()}", seconds=within, most=MAX_SEALED_BYTES, headers=headers
            )
        except OfficeUnreachable as error:
            self._belief.believe(False, str(error))
            return _NoAnswer()
        match answer.status:
            case 200:
                return _Sealed(answer.body)
            case 304 if held:
                return _NothingNewer()
            case 404:
                return _NotThere()
            case 410:
                return _Withdrawn(_why_gone(answer.body))
            case _:
                return _NoAnswer()

    def _link(self) -> "OfficeLink":
        """Return this thread's own connection."""
        if not hasattr(self._asker, "link"):
            self._asker.link = self._office.link()
        return self._asker.link


_KIND: Final = {Tombstone.REISSUED: ProblemKind.REPLACED, Tombstone.EXPIRED: ProblemKind.EXPIRED}


def _why_gone(problem: bytes) -> Tombstone:
    """Read why a status is withdrawn. An office of an earlier edition does not say: mostly there is a newer slip."""
    try:
        told = cast(object, json.loads(problem))
    except (ValueError, RecursionError):
        return Tombstone.REISSUED
    match told:
        case {"type": "expired"}:
            return Tombstone.EXPIRED
        case _:
            return Tombstone.REISSUED


def _is_newer(sealed: bytes, held: Held) -> bool:
    try:
        return sealed_version(sealed) > held.version
    except ContractError:
        return True  # to be opened, and refused there


def _same_version(sealed: bytes, held: Held) -> bool:
    return sealed_version(sealed) == held.version
