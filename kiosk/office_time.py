"""Asks the office for the time: signed, bound to a nonce, the one answer for which no clock has to be right before."""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from central_api.contract.keylist import NO_KEYS, KeyList, Purpose
from central_api.contract.times import NONCE_BYTES, open_time

from .clock import TrustedClock

if TYPE_CHECKING:
    from .link import OfficeLink

PATH: Final = "/v1/time"
WITHIN: Final = 5.0
MOST_BYTES: Final = 4096


class TimeNotTold(Exception):
    """The office did not tell the time: no key to judge it by is known yet, or it answers with an error."""


class OfficeTime:
    """The time of one office for one clock. `keys` gives the newest key list, or None."""

    def __init__(self, clock: TrustedClock, keys: Callable[[], KeyList | None]) -> None:
        self._clock = clock
        self._keys = keys

    def now(self) -> int:
        """Give the best time there is, trusted or not: seconds since 1970, UTC."""
        return self._clock.now().seconds

    def ask(self, link: "OfficeLink") -> None:
        """Ask once, and set the clock. Raises TimeNotTold, OfficeUnreachable or ContractError."""
        if self._keys() is None:
            raise TimeNotTold("no key of the office is known")
        nonce = secrets.token_bytes(NONCE_BYTES)
        answer = link.get(PATH, seconds=WITHIN, most=MOST_BYTES, query={"nonce": nonce.hex()})
        if answer.status != 200:
            raise TimeNotTold(f"the office answers {answer.status}")
        self._clock.seen(open_time(answer.body, nonce, self._key))

    def _key(self, key_id: int) -> bytes:
        """Give a feed key without judging its validity: the time is what is asked for. A revoked one is refused."""
        return (self._keys() or NO_KEYS).listed(key_id, Purpose.FEED).public
