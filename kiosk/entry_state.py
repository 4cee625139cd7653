"""The states of a visit that begins with typed digits or with a paper of ours, and what is answered to them.

Number and code stand in these states alone, and no repr shows them: when the state is replaced, they are gone.
"""

from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from .field import Field
from .frozen import frozen

if TYPE_CHECKING:
    from central_api.contract.status import State

    from .visit_state import ScreenLanguage

TRACKING_ROOM: Final = 11
CODE_ROOM: Final = 8
TRIES: Final = 3
"""How many wrong codes one visit may give; the office counts besides, over all visits."""
_NO_NUMBER: Final = Field(TRACKING_ROOM)
NO_CODE: Final = Field(CODE_ROOM)


class NumberNote(Enum):
    """What is said of the number as it stands."""

    WRONG_DIGIT = "wrong_digit"  # all are there, and the check digit does not hold
    INCOMPLETE = "incomplete"
    FROM_SLIP = "from_slip"  # these are what could be read of a slip that is not whole


class CodeNote(Enum):
    """What is said before the code is typed."""

    NO_MATCH = "no_match"  # number and code do not belong together: either may be wrong
    INCOMPLETE = "incomplete"
    FROM_PAPER = "from_paper"  # the number was read from a paper of ours


class DeskReason(Enum):
    """Why the terminal lets nobody type any further."""

    THREE_WRONG = "three_wrong"
    LOCKED = "locked"  # the office lets this number, or this terminal, try no more for a while


class PaperVerdict(Enum):
    """What a status receipt that somebody shows is worth."""

    GENUINE = "genuine"  # signed by the office; whether a newer status exists, nobody could be asked
    LATEST = "latest"  # so it is, and the office's latest status says the same
    SUPERSEDED = "superseded"  # so it is, and the status has changed since
    ALTERED = "altered"  # not as the office signed it
    INCOMPLETE = "incomplete"  # its code is not whole: nothing could be judged
    UNCONFIRMED = "unconfirmed"  # signed by the office, whose register does not confirm it
    REVOKED = "revoked"  # signed with a key that the office has revoked
    UNKNOWN_KEY = "unknown_key"  # by a key that this terminal does not know (yet)


@frozen
class EnterNumber:
    """The tracking number is being typed. `tries_left`: how many codes this visitor may still try."""

    language: "ScreenLanguage"
    typed: Field = _NO_NUMBER
    note: NumberNote | None = None
    tries_left: int = TRIES


@frozen
class EnterCode:
    """The secret code is being typed, masked, for a number whose check digit holds."""

    language: "ScreenLanguage"
    tracking: str = field(repr=False)
    typed: Field = NO_CODE
    tries_left: int = TRIES
    note: CodeNote | None = None


@frozen
class AskingOffice:
    """The office is asked whether number and code belong together."""

    language: "ScreenLanguage"
    tracking: str = field(repr=False)
    code: str = field(repr=False)
    tries_left: int


@frozen
class OfficeSilent:
    """The office did not answer: what was typed is kept for another try, and nobody says that it is wrong."""

    language: "ScreenLanguage"
    tracking: str = field(repr=False)
    code: str = field(repr=False)
    tries_left: int


@frozen
class ToTheDesk:
    """No more codes here. `minutes`: for how long; `hours`: the desk's today, (opens, closes) in minutes of the day.

    Both are None where nobody told.
    """

    language: "ScreenLanguage"
    why: DeskReason
    minutes: int | None = None
    hours: tuple[tuple[int, int], ...] | None = None


@frozen
class PaperSays:
    """What a receipt whose signature holds says. `step`: how many steps are done; `when`: seconds since 1970, UTC."""

    tracking: str = field(repr=False)
    state: "State" = field(repr=False)
    step: int = field(repr=False)
    when: int = field(repr=False)


@frozen
class CheckedPaper:
    """A receipt's verdict, and what it says, where that is worth anything. `now` is None without a trusted clock."""

    verdict: PaperVerdict
    says: PaperSays | None
    now: int | None


@frozen
class ShowPaper:
    """What a paper that was presented is worth. `can_ask`: its present state can be asked for with the secret code."""

    language: "ScreenLanguage"
    paper: CheckedPaper
    can_ask: bool


EntryState: TypeAlias = EnterNumber | EnterCode | AskingOffice | OfficeSilent | ToTheDesk | ShowPaper
AwaitsHand: TypeAlias = EnterNumber | EnterCode | OfficeSilent | ShowPaper
"""What waits for the visitor, and asks whether he is still there when nothing comes."""


# ---- what the office answers to number and code, beside Found and NotFound -----------------------------------------


@frozen
class NoMatch:
    """They do not belong together. The office does not tell an unknown number from a wrong code."""


@frozen
class Locked:
    """Too many failures: the office hears no more of it for so many seconds."""

    seconds: int
