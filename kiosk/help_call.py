"""A call for a person: its state on the screen, and the events and the effect that belong to it."""

from enum import Enum
from typing import TYPE_CHECKING

from .frozen import frozen

if TYPE_CHECKING:
    from central_api.contract.content import Place

    from .visit_state import ScreenLanguage


class HelpStage(Enum):
    """How far a call is. Only what the office answered is told as done."""

    SENDING = "sending"
    SENT = "sent"  # the office has it; nobody has answered yet
    COMING = "coming"  # somebody of the office said so
    NOBODY = "nobody"  # nobody answered in time
    NOT_SENT = "not_sent"  # the office was not reached, or does not take calls from here


@frozen
class HelpCalled:
    """A visitor called. `place`: the desk he can go to himself, where the office's content names one."""

    language: "ScreenLanguage"
    stage: HelpStage
    place: "Place | None"


@frozen
class HelpTold:
    """What became of the call of a visit."""

    visit: int
    stage: HelpStage


@frozen
class CallHelp:
    """Call, and answer with HelpTold of the same visit, until it is over."""

    visit: int
