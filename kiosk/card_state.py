"""The states of a visit that begins with a card, what opens a card, and what office and reader answer.

As all of a visit they are frozen values, and no repr shows what was typed or read.
"""

from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from .frozen import frozen

if TYPE_CHECKING:
    from .visit_state import ScreenLanguage, Sheet

TRIES: Final = 3
"""How often a chip is tried with wrong fields in one visit: chips answer slower after each."""


class OnReader(Enum):
    """What lies on the card reader."""

    PASSPORT = "passport"  # a chip of ICAO 9303: residence permits too
    NUMBERED = "numbered"  # contactless, with a number and no proof
    CHIP = "chip"  # any other: the Lebanese identity card among them
    MUTE = "mute"  # it answers nothing


class CardProblem(Enum):
    """Why a card opened no list."""

    TAKEN = "taken"  # it was taken away, in the middle or while its files were on the screen
    MUTE = "mute"
    UNREADABLE = "unreadable"  # it answers, but not as a passport does
    TOO_SLOW = "too_slow"
    READER_GONE = "reader_gone"
    TRIES_USED = "tries_used"  # the chip did not open with anything that was typed
    ALTERED = "altered"
    UNKNOWN_ISSUER = "unknown_issuer"
    EXPIRED = "expired"
    REVOKED = "revoked"
    COPIED = "copied"
    UNPROVEN = "unproven"  # it cannot prove that it is nobody's copy: an index at most
    NO_FILES = "no_files"  # genuine, and its holder has no application
    UNREACHABLE = "unreachable"  # the office, which alone can judge it
    ASK_OVER = "ask_over"  # the card was presented too long ago for a code to be sent
    TOO_MANY = "too_many"  # this terminal has shown the office as many cards as it takes in an hour
    NO_CODES = "no_codes"  # this card has had its codes of the day, or this terminal those of the hour


class KeyPart(Enum):
    """What is asked for, one a screen."""

    NUMBER = "number"
    BIRTH = "birth"
    EXPIRY = "expiry"
    ACCESS_NUMBER = "access_number"
    IDENTITY = "identity"  # the number of an identity card, whose chip tells nobody anything


class CardStage(Enum):
    """How far the reading of a card is."""

    ASKING = "asking"  # the office for a challenge
    READING = "reading"
    JUDGING = "judging"


# ---- what opens a chip --------------------------------------------------------------------------------------------


@frozen
class TypedFields:
    """number as typed; birth and expiry as in machine readable lines: YYMMDD, `<` for what is not known of a birth."""

    number: str = field(repr=False)
    birth: str = field(repr=False)
    expiry: str = field(repr=False)


@frozen
class AccessNumber:
    """The six digits of a card access number."""

    digits: str = field(repr=False)


@frozen
class MachineReadableLines:
    """What an MRZ reader sent, letters and fillers alone."""

    text: str = field(repr=False)


@frozen
class IdentityNumber:
    """The number of an identity card, as `parse_identity_number` gives it. It opens no chip: it is an index."""

    text: str = field(repr=False)


CardKey: TypeAlias = TypedFields | AccessNumber | MachineReadableLines | IdentityNumber


@frozen
class Typed:
    """What the visitor typed of each part so far; dates as eight digits, day first."""

    number: str = field(default="", repr=False)
    birth: str = field(default="", repr=False)
    expiry: str = field(default="", repr=False)
    access_number: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)

    def of(self, part: KeyPart) -> str:
        return getattr(self, part.value)


# ---- states -------------------------------------------------------------------------------------------------------


@frozen
class PlaceCard:
    """A card is waited for. `key` opens it, where that is known already. `moved`: it was taken from the reader.

    `lost`: how often the reader lost it, and never missed it, since somebody last put it there.
    """

    language: "ScreenLanguage"
    key: CardKey | None = field(default=None, repr=False)
    typed: Typed = field(default_factory=Typed, repr=False)
    tries_left: int = TRIES
    moved: bool = False
    lost: int = 0


@frozen
class TypeKey:
    """One part of what opens the chip is asked for. The passport may lie on the reader or be in the visitor's hand.

    `refused`: what stands there cannot be. `tries_left` is less than TRIES after the chip did not open.
    `fields_only`: the chip opened its door to the three fields alone.
    """

    language: "ScreenLanguage"
    part: KeyPart = KeyPart.NUMBER
    typed: Typed = field(default_factory=Typed, repr=False)
    refused: bool = False
    tries_left: int = TRIES
    fields_only: bool = False


@frozen
class ReadingCard:
    """The card is being read and judged; it must stay where it is. `lost`: as of the card that is waited for."""

    language: "ScreenLanguage"
    key: CardKey | None = field(repr=False)
    typed: Typed = field(default_factory=Typed, repr=False)
    stage: CardStage = CardStage.ASKING
    tries_left: int = TRIES
    lost: int = 0


@frozen
class CardTrouble:
    """The card opened nothing, and why."""

    language: "ScreenLanguage"
    why: CardProblem


@frozen
class OfferCode:
    """The card proves nothing by itself: a one-time code can be sent to the phone on file, if there is one.

    `ask` is the office's word for this card. `sending`: the office is being asked. `over`: the last code is worthless.
    """

    language: "ScreenLanguage"
    ask: bytes = field(repr=False)
    sending: bool = False
    over: bool = False


@frozen
class TypeCode:
    """The one-time code is typed. `wrong`: the last one was; `checking`: the office is being asked."""

    language: "ScreenLanguage"
    ask: bytes = field(repr=False)
    tries_left: int
    typed: str = field(default="", repr=False)
    wrong: bool = False
    checking: bool = False


@frozen
class TakeCard:
    """The visit is over and wiped; the card still lies there. `left`: for so long that its owner must have gone."""

    language: "ScreenLanguage"
    left: bool = False


CardState: TypeAlias = PlaceCard | TypeKey | ReadingCard | CardTrouble | OfferCode | TypeCode


# ---- what office and reader answer --------------------------------------------------------------------------------


@frozen
class CardFiles:
    """A genuine card: its holder's files, the newest first."""

    sheets: "tuple[Sheet, ...]" = field(repr=False)


@frozen
class WrongKey:
    """The chip does not open with what was typed. `fields_only`: it takes no card access number at all."""

    fields_only: bool = False


@frozen
class CardRefused:
    """No files, and why."""

    why: CardProblem


@frozen
class CardUnproven:
    """The card proves nothing, known to the office or not; by `ask` a one-time code may be asked for."""

    ask: bytes = field(repr=False)


@frozen
class CodeSent:
    """A code goes to the phone on file, if there is one; it may be tried so often."""

    tries: int


@frozen
class CodeWrong:
    """Not the code."""

    tries_left: int


@frozen
class CodeOver:
    """The code is too old, was tried too often, or was never asked for: another may be asked for."""


CardResult: TypeAlias = CardFiles | WrongKey | CardRefused | CardUnproven | CodeSent | CodeWrong | CodeOver
