"""The call for a person on its way to the office: sent again and again, on a thread of its own, until it is decided."""

import secrets
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

from central_api.contract.errors import ContractError
from central_api.contract.help_calls import (
    CALL_BYTES,
    HELP_SECONDS,
    HelpCall,
    HelpState,
    decode_help_state,
    encode_call,
)

from .help_call import HelpStage

if TYPE_CHECKING:
    from .link import Answer, OfficeLink

PATH: Final = "/v1/help"
# Seconds.
ASK_EVERY: Final = 2.0
ASK_WITHIN: Final = 4.0
GIVE_UP_AFTER: Final = 12.0
"""While nothing was heard of the office: a visitor must not wait for a call that nobody has."""
_MOST_BYTES: Final = 1024

_STAGES: Final = {
    HelpState.WAITING: HelpStage.SENT,
    HelpState.ANSWERED: HelpStage.COMING,
    HelpState.NOBODY: HelpStage.NOBODY,
}


class HelpLine:
    """One call at a time. `connect` gives a new link to the office."""

    def __init__(self, connect: "Callable[[], OfficeLink]") -> None:
        self._connect = connect
        self._over = Event()

    def call(self, tell: Callable[[HelpStage], None]) -> None:
        """Call; `tell` is called from a thread with each change, until the call is over or hung up."""
        self.hang_up()
        self._over = Event()
        Thread(target=self._run, args=(tell, self._over), name="help", daemon=True).start()

    def hang_up(self) -> None:
        """Ask no more, and tell no more."""
        self._over.set()

    def _run(self, tell: Callable[[HelpStage], None], over: Event) -> None:
        link, call, began = self._connect(), secrets.token_bytes(CALL_BYTES), monotonic()
        stage = HelpStage.SENDING
        while stage in {HelpStage.SENDING, HelpStage.SENT} and not over.is_set():
            was, stage = stage, _next(link, call, stage, int(monotonic() - began))
            if stage is not was and not over.is_set():
                tell(stage)
            over.wait(ASK_EVERY)
        link.close()


def _next(link: "OfficeLink", call: bytes, stage: HelpStage, waited: int) -> HelpStage:
    """Ask once; says where the call is now."""
    from .link import OfficeUnreachable

    body = encode_call(HelpCall(call, waited))
    try:
        answer = link.send("POST", PATH, body, "application/cbor", seconds=ASK_WITHIN, most=_MOST_BYTES)
    except OfficeUnreachable:
        answer = None
    told = None if answer is None else _read(answer)
    if told is not None:
        return told
    if stage is HelpStage.SENT:
        return HelpStage.NOBODY if waited >= HELP_SECONDS else stage
    return HelpStage.NOT_SENT if answer is not None or waited >= GIVE_UP_AFTER else stage


def _read(answer: "Answer") -> HelpStage | None:
    """Read the office's answer; None for one that says nothing of the call."""
    try:
        return _STAGES[decode_help_state(answer.body)] if answer.status == 200 else None
    except ContractError:
        return None
