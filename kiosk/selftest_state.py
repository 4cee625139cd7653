"""The self-test on the touch screen: its states, which screens draw, its events, and its effects. Frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias

from central_api.contract.readiness import Part

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


@dataclass(frozen=True, slots=True)
class Overview:
    """Every part, as it is tested. Before `begun` it waits for somebody; after that, for the last checks."""

    language: ScreenLanguage
    rows: tuple[Row, ...]
    begun: bool


@dataclass(frozen=True, slots=True)
class TouchSpots:
    """Nine spots, touched one after the other: the number of this one, from 0."""

    language: ScreenLanguage
    at: int


@dataclass(frozen=True, slots=True)
class ColoursAhead:
    """What to look for comes before the colours: over them nothing may stand."""

    language: ScreenLanguage


@dataclass(frozen=True, slots=True)
class Colours:
    """The whole panel in one colour: its number, from 0."""

    language: ScreenLanguage
    at: int


@dataclass(frozen=True, slots=True)
class DotsAsked:
    """Did every dot show the colours?"""

    language: ScreenLanguage


class CodePaper(Enum):
    """The paper with the code. NONE: any code will do."""

    PRINTING = "printing"
    THERE = "there"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ShowCode:
    """A code is to be shown to the scanner."""

    language: ScreenLanguage
    paper: CodePaper


@dataclass(frozen=True, slots=True)
class InsertCard:
    """A card is to be put into the reader."""

    language: ScreenLanguage


@dataclass(frozen=True, slots=True)
class ToneAsked:
    """A tone is played: was it heard?"""

    language: ScreenLanguage


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class BeginPressed:
    """Hands are there: begin, or begin again."""


@dataclass(frozen=True, slots=True)
class SpotTouched:
    """The spot of this number was touched."""

    at: int


@dataclass(frozen=True, slots=True)
class ColourTouched:
    """On to the next colour."""


@dataclass(frozen=True, slots=True)
class DotsAnswered:
    every_one: bool


@dataclass(frozen=True, slots=True)
class ToneAnswered:
    heard: bool


@dataclass(frozen=True, slots=True)
class SkipPressed:
    """This step cannot be done now."""


@dataclass(frozen=True, slots=True)
class LeavePressed:
    """The technician leaves."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A check of this run ended."""

    run: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class StepEnded:
    """What hands were needed for, in this run, was done, or not done in time."""

    run: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class SlipEnded:
    run: int
    slip: Slip


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class RunChecks:
    """Run every check that needs no hands; each answers with Checked."""

    run: int


@dataclass(frozen=True, slots=True)
class PrintCode:
    """Print the code; answers with StepEnded of the printer."""

    run: int
    language: ScreenLanguage


@dataclass(frozen=True, slots=True)
class ReadCode:
    """Wait for the scanner; answers with StepEnded of the scanner."""

    run: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ReadCard:
    """Wait for a card; answers with StepEnded of the card reader."""

    run: int
    seconds: float


@dataclass(frozen=True, slots=True)
class PlayTone:
    """Play the tone; answers with StepEnded of the sound, where it could not be played."""

    run: int


@dataclass(frozen=True, slots=True)
class Report:
    """Print the slip, where there is one to print, and send the result; answers with SlipEnded and SendingEnded."""

    run: int
    language: ScreenLanguage
    findings: Mapping[Part, Finding] = field(repr=False)
    paper: bool


@dataclass(frozen=True, slots=True)
class Leave:
    """End the self-test."""


SelfTestEffect: TypeAlias = RunChecks | PrintCode | ReadCode | ReadCard | PlayTone | Report | Leave
