"""What happens in the staff corner: events, and the effects that the terminal carries out."""

from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING, Literal, TypeAlias

from .frozen import frozen

if TYPE_CHECKING:
    from .selftest_state import SelfTestEffect, SelfTestEvent
    from .staff_state import Level, Room, Told
    from .visit_state import ScreenLanguage

Direction: TypeAlias = Literal["up", "down", "left", "right"]


class Corner(Enum):
    """The panel's upper corners, as one stands before it, whatever the language's direction."""

    LEFT = "left"
    RIGHT = "right"


# ---- events in: the door --------------------------------------------------------------------------------------------


@frozen
class CornerPressed:
    """A finger came down in a corner of a screen that nobody uses."""

    corner: Corner


@frozen
class CornerReleased:
    """It left, having stayed there."""

    corner: Corner


@frozen
class KnockBroken:
    """A finger came down elsewhere, or slid out of its corner."""


@frozen
class Steered:
    """One of the four keys that lead somewhere was pressed while nobody uses the screen."""

    key: Direction


@frozen
class PinAsked:
    """This terminal has a staff corner; a PIN is judged in so many seconds (0: now)."""

    visit: int
    wait: int


@frozen
class Opened:
    """The PIN is right."""


@frozen
class Refused:
    """It is not."""


@frozen
class Waits:
    """It is not, or nobody looked: none is taken for so many seconds."""

    seconds: int


@frozen
class CannotCount:
    """The disk takes nothing: a try that cannot be counted is not judged."""


PinVerdict: TypeAlias = Opened | Refused | Waits | CannotCount


@frozen
class PinJudged:
    """What became of the PIN of this visit."""

    visit: int
    verdict: PinVerdict


# ---- events in: inside ----------------------------------------------------------------------------------------------


@frozen
class RoomChosen:
    """One of the list was touched."""

    room: "Room"


@frozen
class ListReopened:
    """Back to the list."""


@frozen
class RoomTold:
    """What the terminal tells for the room that is shown; `kept` is false where the disk did not take a change."""

    visit: int
    told: "Told"
    kept: bool = True


@frozen
class TrialPageAsked:
    """Print a test page."""


@frozen
class ReopenAsked:
    """Start the devices' drivers anew."""


@frozen
class LevelChosen:
    """Loudness or brightness, in percent."""

    level: "Level"
    percent: int


@frozen
class LanguageSwitched:
    """Home is to offer this language, or no longer."""

    language: "ScreenLanguage"


@frozen
class RestartConfirmed:
    """Start the terminal anew."""


@frozen
class BenchOpened:
    """The self-test of this visit has the devices."""

    visit: int


@frozen
class InSelfTest:
    """Something happened in the self-test."""

    event: "SelfTestEvent"


KnockEvent: TypeAlias = CornerPressed | CornerReleased | KnockBroken | Steered
StaffEvent: TypeAlias = (
    KnockEvent
    | PinAsked
    | PinJudged
    | RoomChosen
    | ListReopened
    | RoomTold
    | TrialPageAsked
    | ReopenAsked
    | LevelChosen
    | LanguageSwitched
    | RestartConfirmed
    | BenchOpened
    | InSelfTest
)

# ---- effects out --------------------------------------------------------------------------------------------------


@frozen
class AskForPin:
    """Somebody knocked: answer with PinAsked, where this terminal has a staff corner, and not at all elsewhere."""

    visit: int


@frozen
class CheckPin:
    """Judge a PIN, and answer with PinJudged."""

    visit: int
    pin: str = field(repr=False)


@frozen
class TellOf:
    """Answer with RoomTold."""

    visit: int
    room: "Room"


@frozen
class PrintTestPage:
    """Print, and answer with PrintFinished of the same job."""

    job: int


@frozen
class ReopenDevices:
    """Start the drivers anew, and answer with RoomTold."""

    visit: int


@frozen
class SetLevel:
    """Set, keep, and answer with RoomTold."""

    visit: int
    level: "Level"
    percent: int


@frozen
class OfferLanguages:
    """Set, keep, and answer with RoomTold."""

    visit: int
    languages: "tuple[ScreenLanguage, ...]"


@frozen
class OpenBench:
    """Hand the devices over to the self-test, and answer with BenchOpened."""

    visit: int


@frozen
class WorkBench:
    """Carry out an effect of the self-test; its answers come as InSelfTest."""

    effect: "SelfTestEffect"


@frozen
class CloseBench:
    """Take the devices back."""


@frozen
class Restart:
    """End in order; what started the terminal starts it again."""


StaffEffect: TypeAlias = (
    AskForPin
    | CheckPin
    | TellOf
    | PrintTestPage
    | ReopenDevices
    | SetLevel
    | OfferLanguages
    | OpenBench
    | WorkBench
    | CloseBench
    | Restart
)
