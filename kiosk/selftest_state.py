"""The self-test on the touch screen: its states, which screens draw, its events, and its effects. Frozen values."""

from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from typing import Final, TypeAlias

from central_api.contract.readiness import Part

from .frozen import frozen
from .selftest.endings import Sending, Slip
from .selftest.findings import Finding
from .visit_events import LanguageChosen, Ticked, Touched
from .visit_state import ScreenLanguage

SPOTS: Final = 9
COLOURS: Final = 5

# ---- states -------------------------------------------------------------------------------------------------------


class Progress(Enum):
    """Of a part that has no finding yet."""

    WAITING = "waiting"
    RUNNING = "running"


Row: TypeAlias = tuple[Part, Finding | Progress]


@frozen
class Overview:
    """Every part, as it is tested. Before `begun` it waits for somebody; after that, for the last checks."""

    language: ScreenLanguage
    rows: tuple[Row, ...]
    begun: bool


@frozen
class TouchSpots:
    """Nine spots, touched one after the other: the number of this one, from 0."""

    language: ScreenLanguage
    at: int


@frozen
class ColoursAhead:
    """What to look for comes before the colours: over them nothing may stand."""

    language: ScreenLanguage


@frozen
class Colours:
    """The whole panel in one colour: its number, from 0."""

    language: ScreenLanguage
    at: int


@frozen
class DotsAsked:
    """Did every dot show the colours?"""

    language: ScreenLanguage


class CodePaper(Enum):
    """The paper with the code. NONE: any code will do."""

    PRINTING = "printing"
    THERE = "there"
    NONE = "none"


@frozen
class ShowCode:
    """A code is to be shown to the scanner."""

    language: ScreenLanguage
    paper: CodePaper


@frozen
class InsertCard:
    """A card is to be put into the reader."""

    language: ScreenLanguage


@frozen
class ToneAsked:
    """A tone is played: was it heard?"""

    language: ScreenLanguage


@frozen
class Ended:
    """What was found, and what became of the slip and of the result."""

    language: ScreenLanguage
    findings: Mapping[Part, Finding]
    slip: Slip
    sending: Sending


SelfTestState: TypeAlias = (
    Overview | TouchSpots | ColoursAhead | Colours | DotsAsked | ShowCode | InsertCard | ToneAsked | Ended
)

# ---- events in ----------------------------------------------------------------------------------------------------


@frozen
class BeginPressed:
    """Hands are there: begin, or begin again."""


@frozen
class SpotTouched:
    """The spot of this number was touched."""

    at: int


@frozen
class ColourTouched:
    """On to the next colour."""


@frozen
class DotsAnswered:
    every_one: bool


@frozen
class ToneAnswered:
    heard: bool


@frozen
class SkipPressed:
    """This step cannot be done now."""


@frozen
class LeavePressed:
    """The technician leaves."""


@frozen
class Checked:
    """A check of this run ended."""

    run: int
    finding: Finding


@frozen
class StepEnded:
    """What hands were needed for, in this run, was done, or not done in time."""

    run: int
    finding: Finding


@frozen
class SlipEnded:
    run: int
    slip: Slip


@frozen
class SendingEnded:
    run: int
    sending: Sending


SelfTestEvent: TypeAlias = (
    LanguageChosen
    | BeginPressed
    | SpotTouched
    | ColourTouched
    | DotsAnswered
    | ToneAnswered
    | SkipPressed
    | LeavePressed
    | Checked
    | StepEnded
    | SlipEnded
    | SendingEnded
    | Ticked
    | Touched
)

# ---- effects out --------------------------------------------------------------------------------------------------


@frozen
class RunChecks:
    """Run every check that needs no hands; each answers with Checked."""

    run: int


@frozen
class PrintCode:
    """Print the code; answers with StepEnded of the printer."""

    run: int
    language: ScreenLanguage


@frozen
class ReadCode:
    """Wait for the scanner; answers with StepEnded of the scanner."""

    run: int
    seconds: float


@frozen
class ReadCard:
    """Wait for a card; answers with StepEnded of the card reader."""

    run: int
    seconds: float


@frozen
class PlayTone:
    """Play the tone; answers with StepEnded of the sound, where it could not be played."""

    run: int


@frozen
class Report:
    """Print the slip, where there is one to print, and send the result; answers with SlipEnded and SendingEnded."""

    run: int
    language: ScreenLanguage
    findings: Mapping[Part, Finding] = field(repr=False)
    paper: bool


@frozen
class Leave:
    """End the self-test."""


SelfTestEffect: TypeAlias = RunChecks | PrintCode | ReadCode | ReadCard | PlayTone | Report | Leave
