"""What happens in a visit: events that screens and devices send to the flow, and effects that the app carries out."""

from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from .camera import PaperSeen
from .card_events import CardEvent, Chime, OpenByCode, ReadCard, SendCode
from .comfort import Comfort
from .entry_events import CheckPaper, DeskHoursChanged, EntryEvent, LookUpCode
from .frozen import frozen
from .guide_events import CountReader, GuideChanged, GuideEvent
from .guide_state import Requirements
from .help_call import CallHelp, HelpTold
from .list_state import ListEvent, Listing
from .staff_events import StaffEffect, StaffEvent
from .visit_state import ClosedUntil, LookUpResult, PrinterHealth, PrintResult, ScreenLanguage, Sheet, Way

if TYPE_CHECKING:
    from central_api.contract.slips import Slip

# ---- events in ----------------------------------------------------------------------------------------------------


@frozen
class LanguageChosen:
    """A language was touched."""

    language: ScreenLanguage


@frozen
class CardChosen:
    """Home's way in by card was touched."""


@frozen
class NumberChosen:
    """Home's way in by tracking number and secret code was touched."""


@frozen
class OtherServicesChosen:
    """Home's way to the other services was touched."""


@frozen
class HelpHeld:
    """A finger, or a key, came down on the call for help."""


@frozen
class HelpReleased:
    """It left the call for help, or slid away from it."""


@frozen
class Scanned:
    """The scanner read a code: its raw bytes, whatever they are."""

    data: bytes = field(repr=False)


@frozen
class LookedUp:
    """The answer to the LookUp of this visit."""

    visit: int
    result: LookUpResult


@frozen
class PrintPressed:
    """The visitor wants the receipt on paper."""


@frozen
class AnswerJudged:
    """The visitor says whether he found his answer."""

    found: bool


@frozen
class FinishPressed:
    """The visitor leaves."""


@frozen
class StayPressed:
    """The visitor is still there."""


@frozen
class ComfortChosen:
    """The visitor wants the screen otherwise, or to choose how (`choosing`)."""

    comfort: Comfort


@frozen
class Listened:
    """Somebody at the headphones is being told something: the time to answer has not begun. Sent while it is said."""


@frozen
class Touched:
    """A finger came down anywhere, or a key. Sent for each, before the press that it may turn into."""


@frozen
class Ticked:
    """Time passed: monotonic seconds. Sent at least once a second; all deadlines are judged by it alone."""

    now: float


@frozen
class PrintProgressed:
    """The confirmed part of a job, 0 to 1; None where the printer does not tell."""

    job: int
    progress: float | None


@frozen
class PrintFinished:
    """What became of a job."""

    job: int
    result: PrintResult


@frozen
class PrinterChanged:
    """The printer's health changed."""

    health: PrinterHealth


@frozen
class ScannerChanged:
    """The scanner came or went."""

    ready: bool


@frozen
class LinkChanged:
    """The link to the office came up or was cut."""

    up: bool


@frozen
class MainsChanged:
    """The machine is fed from the mains again, or runs on what its battery still holds."""

    on: bool


@frozen
class HeadphonesChanged:
    """A plug went into the jack, or the handset was taken off its hook; or back. Told at the start where it is so."""

    plugged: bool


@frozen
class ServiceChanged:
    """The office has taken this terminal out of service, or in again."""

    withdrawn: bool


@frozen
class OpeningChanged:
    """The office's hours began or ended; None while it is open."""

    closed: ClosedUntil | None


@frozen
class LanguagesChanged:
    """The office wants other languages to be offered."""

    languages: tuple[ScreenLanguage, ...]


@frozen
class WaysChanged:
    """Other ways in beside the slip work now."""

    ways: frozenset[Way]


Event: TypeAlias = (
    LanguageChosen
    | CardChosen
    | NumberChosen
    | OtherServicesChosen
    | HelpHeld
    | HelpReleased
    | Scanned
    | LookedUp
    | PrintPressed
    | AnswerJudged
    | FinishPressed
    | StayPressed
    | ComfortChosen
    | Listened
    | Touched
    | Ticked
    | PrintProgressed
    | PrintFinished
    | PrinterChanged
    | ScannerChanged
    | LinkChanged
    | MainsChanged
    | HeadphonesChanged
    | ServiceChanged
    | OpeningChanged
    | LanguagesChanged
    | WaysChanged
    | PaperSeen
    | CardEvent
    | ListEvent
    | DeskHoursChanged
    | EntryEvent
    | GuideChanged
    | GuideEvent
    | HelpTold
    | StaffEvent
)


# ---- effects out --------------------------------------------------------------------------------------------------


@frozen
class LookUp:
    """Find the status of a slip, and answer with LookedUp of the same visit."""

    visit: int
    slip: "Slip" = field(repr=False)


@frozen
class PrintReceipt:
    """Lay out and print a paper, and answer with PrintFinished of the same job."""

    visit: int
    job: int
    sheet: Sheet | Listing | Requirements
    language: ScreenLanguage


@frozen
class Wipe:
    """The visit is over: erase everything that was drawn, spoken or kept of it."""


Effect: TypeAlias = (
    LookUp
    | LookUpCode
    | CheckPaper
    | PrintReceipt
    | ReadCard
    | SendCode
    | OpenByCode
    | Chime
    | CountReader
    | CallHelp
    | StaffEffect
    | Wipe
)
