"""The states of a visit, which screens draw, and what look-up and printer answer to it.

Everything is a frozen value. What a visitor's slip opened lies in a `Sheet` alone, and only states (and the effect that
prints it) hold one: when the state is replaced, nothing of the visit is left. No repr shows it.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from .camera import PaperHeld
from .card_state import CardTrouble, OfferCode, PlaceCard, ReadingCard, TakeCard, TypeCode, TypeKey
from .entry_state import AwaitsHand, EntryState
from .frozen import frozen
from .guide_state import Guide, GuideState, Requirements
from .help_call import HelpCalled
from .list_state import AddSlip, Listing, SearchList, ShowList
from .staff_state import StaffState

if TYPE_CHECKING:
    from central_api.contract.status import Status

ScreenLanguage: TypeAlias = Literal["ar", "fr", "en", "am", "bn", "fil"]
SCREEN_LANGUAGES: Final[tuple[ScreenLanguage, ...]] = ("ar", "fr", "en")
"""Languages in which everything is said."""
CORE_LANGUAGES: Final[tuple[ScreenLanguage, ...]] = ("am", "bn", "fil")
"""Languages of the core visit, awaiting review: the office offers them, and what they lack is said in English."""
ALL_LANGUAGES: Final = (*SCREEN_LANGUAGES, *CORE_LANGUAGES)
"""In the order in which home shows them."""


class PrinterHealth(Enum):
    """What the printer is known to be. UNKNOWN is neither fine nor broken: printing is offered, its outcome told."""

    OK = "ok"
    LOW = "low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    UNKNOWN = "unknown"

    @property
    def may_print(self) -> bool:
        return self in {PrinterHealth.OK, PrinterHealth.LOW, PrinterHealth.UNKNOWN}


class PrinterProblem(Enum):
    """Why a receipt was not printed. SILENT: nobody knows what became of it. ON_BATTERY: the mains are gone."""

    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    FAULT = "fault"
    SILENT = "silent"
    ON_BATTERY = "on_battery"


class ProblemKind(Enum):
    """Why a slip shows no status."""

    NOT_A_SLIP = "not_a_slip"  # some other code
    FOREIGN = "foreign"  # a slip of another ministry
    DAMAGED = "damaged"  # ours, but not whole
    REPLACED = "replaced"  # a newer slip of the same application exists
    EXPIRED = "expired"  # the office no longer publishes this application
    UNKNOWN = "unknown"  # the office answered, and does not know it
    UNREACHABLE = "unreachable"  # not on this terminal, and the office cannot be reached
    UNREADABLE = "unreadable"  # what was found does not open, or contradicts the slip


class Way(Enum):
    """A way in beside the slip. In the order in which home shows them."""

    CARD = "card"
    NUMBER = "number"  # tracking number and secret code
    OTHER_SERVICES = "other_services"
    HELP = "help"  # a call for somebody of the staff


@frozen
class DataAge:
    """How old a status is. Times are seconds since 1970, UTC.

    `signed_at` is the office's signed time up to which this was the newest status; None where no signed time was ever
    seen. `now` is None while the terminal's clock is not trusted: the age is then unknown and the screen says so.
    `link_cut`: the office could not be asked just now.
    """

    signed_at: int | None
    now: int | None
    link_cut: bool


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Sheet:
    """What a slip opened: the status, its version, its plaintext as signed, and the text of its receipt's QR code.

    `guide`: the office's content as it is shown, for what it says of documents and places; the same for everyone.
    """

    status: "Status" = field(repr=False)
    version: int = field(repr=False)
    plain: bytes = field(repr=False)
    age: DataAge = field(repr=False)
    receipt_url: str = field(repr=False)
    guide: Guide | None = field(default=None, repr=False)


@frozen
class ClosedUntil:
    """When the office opens again: seconds since 1970, UTC, `in_days` days from now (0: today).

    `opens` is None where it set no opening within a year. Not `hour_known`: the day is, its hours are not.
    """

    opens: int | None = None
    in_days: int = 0
    hour_known: bool = True


# ---- states -------------------------------------------------------------------------------------------------------


@frozen
class Home:
    """Nobody is here. `languages` are offered; `language` is the one chosen by touch, or the terminal's own.

    `dimmed`: idle for long; the first touch only wakes. `ways` lead in beside the slip: those that work just now.
    `held`: what the scanner's camera sees of a paper that it does not read.
    """

    language: ScreenLanguage
    scanner_ready: bool
    printer: PrinterHealth
    link_cut: bool
    dimmed: bool = False
    languages: tuple[ScreenLanguage, ...] = SCREEN_LANGUAGES
    ways: frozenset[Way] = frozenset()
    held: PaperHeld | None = None


@frozen
class Closed:
    """The office is closed at this hour, and nobody is here. `presented`: somebody just showed a slip all the same."""

    language: ScreenLanguage
    until: ClosedUntil
    presented: bool = False
    languages: tuple[ScreenLanguage, ...] = SCREEN_LANGUAGES


@frozen
class Reading:
    """A slip was seen and is being looked up."""

    language: ScreenLanguage


@frozen
class ShowStatus:
    """The answer. `can_print`: the printer is not known to be unable to. `listing`: the list it was chosen from."""

    language: ScreenLanguage
    sheet: Sheet
    can_print: bool
    listing: Listing | None = None


@frozen
class Printing:
    """The paper is on its way: a receipt, the summary of a list, or what a service asks for.

    `progress` is the confirmed part, 0 to 1, or None where the printer does not tell. `listing`: the list behind it.
    """

    language: ScreenLanguage
    sheet: Sheet | Listing | Requirements
    progress: float | None = None
    listing: Listing | None = None


class PaperKind(Enum):
    """Which paper was asked for: no more of it is kept once it is out."""

    RECEIPT = "receipt"
    LIST = "list"
    REQUIREMENTS = "requirements"


def paper_of(sheet: Sheet | Listing | Requirements) -> PaperKind:
    """Return which paper a sheet is printed as."""
    match sheet:
        case Sheet():
            return PaperKind.RECEIPT
        case Listing():
            return PaperKind.LIST
        case Requirements():
            return PaperKind.REQUIREMENTS


@frozen
class Printed:
    """The printer confirmed the last band of the paper. `listing`: the list to go back to.

    `found`: what he said when he was asked whether he found his answer; who goes back to a list is not asked.
    """

    language: ScreenLanguage
    listing: Listing | None = None
    found: bool | None = None
    paper: PaperKind = PaperKind.RECEIPT


@frozen
class SentToPrinter:
    """Everything was sent to a printer that cannot confirm: the visitor is told to look. The rest is as in Printed."""

    language: ScreenLanguage
    listing: Listing | None = None
    found: bool | None = None
    paper: PaperKind = PaperKind.RECEIPT


@frozen
class NotPrinted:
    """The print failed. Instead of a receipt the screen shows its QR (`sheet.receipt_url`); the others have none.

    `cut_off`: a part may have come out, and is void. `can_print`: another try may be offered. `mended`: that became
    possible since, so that `why` is no longer true.
    """

    language: ScreenLanguage
    sheet: Sheet | Listing | Requirements
    why: PrinterProblem
    cut_off: bool
    can_print: bool
    listing: Listing | None = None
    mended: bool = False


@frozen
class Problem:
    """The slip shows no status, and why.

    `readings`: how often in a row this damaged slip was read in vain. `known`: the digits of its number that could be
    read; `number`: they may be typed instead.
    """

    language: ScreenLanguage
    kind: ProblemKind
    readings: int = 1
    known: str = field(default="", repr=False)
    number: bool = False


Interruptible: TypeAlias = (
    ShowStatus | NotPrinted | ShowList | SearchList | TypeKey | OfferCode | TypeCode | AwaitsHand | GuideState
)
"""What a visitor may be reading or typing when nobody touches anything any more."""


@frozen
class StillThere:
    """Nobody touched anything for a while; unless answered, the visit ends in `seconds_left`.

    `under` comes back on StayPressed. The screen covers it wholly, so that a touch cannot press what lies under.
    """

    language: ScreenLanguage
    under: Interruptible
    seconds_left: int


@frozen
class PowerWasCut:
    """The terminal stopped in the middle of a visit; paper that came out before is void."""

    language: ScreenLanguage


@frozen
class OutOfOrder:
    """There is no scanner, or the office has `withdrawn` this terminal: nothing can be done here."""

    language: ScreenLanguage
    withdrawn: bool = False


VisitState: TypeAlias = (
    Home
    | Closed
    | Reading
    | ShowStatus
    | Printing
    | Printed
    | SentToPrinter
    | NotPrinted
    | Problem
    | StillThere
    | PowerWasCut
    | OutOfOrder
    | PlaceCard
    | TypeKey
    | ReadingCard
    | CardTrouble
    | OfferCode
    | TypeCode
    | TakeCard
    | ShowList
    | SearchList
    | AddSlip
    | EntryState
    | GuideState
    | HelpCalled
    | StaffState
)


# ---- what a look-up finds -----------------------------------------------------------------------------------------


@frozen
class Found:
    """A status that opens with the slip and agrees with it."""

    sheet: Sheet


@frozen
class NotFound:
    """No status, and why: REPLACED, EXPIRED, UNKNOWN, UNREACHABLE or UNREADABLE."""

    kind: ProblemKind


LookUpResult: TypeAlias = Found | NotFound


# ---- what became of a print ---------------------------------------------------------------------------------------


@frozen
class PrintConfirmed:
    """The printer confirmed the last band."""


@frozen
class PrintSent:
    """All bytes left, to a printer that cannot confirm."""


@frozen
class PrintFailed:
    """Not printed. `cut_off`: some of it may be on paper."""

    why: PrinterProblem
    cut_off: bool


PrintResult: TypeAlias = PrintConfirmed | PrintSent | PrintFailed
