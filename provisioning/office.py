"""What provisioning asks of an office, and how it reads the answers."""

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from central_api.contract.errors import ContractError
from central_api.contract.keylist import KeyList, open_key_list
from kiosk.clock import TrustedClock
from kiosk.identity import Identity
from kiosk.office_time import OfficeTime, TimeNotTold

from .failures import EnrolmentFailed, Why

if TYPE_CHECKING:
    from kiosk.link import Answer, OfficeLink

WITHIN: Final = 10.0
"""Seconds for an answer."""

MOST_BYTES: Final = 1 << 18


class OfficeClock:
    """The office's keys and its signed time, learned before anything is signed: this machine's clock may be lost.

    `known`: a signed key list from before. By it a terminal can ask for the time first, where its clock is so wrong
    that the office's certificate seems out of date.
    """

    def __init__(self, known: bytes | None = None, root_key: bytes = b"") -> None:
        self._keys: KeyList | None = None
        if known is not None:
            with suppress(ContractError):  # the office is asked for its list all the same
                self._keys = open_key_list(known, root_key)
        self._clock = TrustedClock(0)
        self.time = OfficeTime(self._clock, lambda: self._keys)

    @classmethod
    def of(cls, data: Path, identity: Identity) -> "OfficeClock":
        """The clock of a terminal that knows its office: by the newest key list in its data folder."""
        from kiosk.settings_in_force import newest_key_list

        return cls(newest_key_list(data, identity), identity.root_key)

    def learn(self, link: "OfficeLink", root_key: bytes) -> bytes:
        """Ask for the key list, under the root key (32 bytes), and for the time; returns the signed list.

        Raises EnrolmentFailed.
        """
        listed = small(link, "/v1/keys").body
        try:
            self._keys = open_key_list(listed, root_key)
            self.time.ask(link)
        except (ContractError, TimeNotTold) as error:
            raise EnrolmentFailed(Why.CLOCK, str(error)) from None
        return listed


def small(link: "OfficeLink", path: str) -> "Answer":
    """Ask for something small that must be there. Raises EnrolmentFailed."""
    answer = link.get(path, seconds=WITHIN, most=MOST_BYTES)
    if answer.status != 200:
        raise EnrolmentFailed(Why.OFFICE_FAULT, f"{path}: {answer.status}")
    return answer


_REFUSALS: Final = {
    403: Why.REFUSED,
    404: Why.UNKNOWN_CODE,
    409: Why.USED,
    410: Why.EXPIRED,
    429: Why.THROTTLED,
}


def refusal(answer: "Answer") -> EnrolmentFailed:
    """Say what an answer that is none refuses."""
    return EnrolmentFailed(_REFUSALS.get(answer.status, Why.OFFICE_FAULT), f"{answer.status} {answer.problem}".strip())


def facts(body: bytes) -> dict[str, Any]:
    """Read a JSON object. Raises EnrolmentFailed."""
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise EnrolmentFailed(Why.OFFICE_FAULT, "not JSON")
    return cast(dict[str, Any], told)


def text(told: dict[str, Any], name: str) -> str:
    """Take a text out of an object. Raises EnrolmentFailed."""
    value: object = told.get(name)
    if not isinstance(value, str):
        raise EnrolmentFailed(Why.OFFICE_FAULT, f"no {name}")
    return value


def blob(told: dict[str, Any], name: str, size: int) -> bytes:
    """Take bytes of a size, in hex, out of an object. Raises EnrolmentFailed."""
    try:
        value = bytes.fromhex(text(told, name))
    except ValueError:
        value = b""
    if len(value) != size:
        raise EnrolmentFailed(Why.OFFICE_FAULT, f"no {name}")
    return value
