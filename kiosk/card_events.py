"""What happens in a visit by card: events of reader, office and keypad, and the effects that the app carries out."""

from dataclasses import dataclass, field
from typing import TypeAlias

from .card_state import CardKey, CardResult, CardStage, KeyPart, OnReader

# ---- events in ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardPut:
    """A card was put in or laid on the reader, or one that lay there answers no more."""

    what: OnReader


@dataclass(frozen=True, slots=True)
class CardTaken:
    """No card is on the reader any more, or nobody can tell."""


@dataclass(frozen=True, slots=True)
class ReaderChanged:
    """The card reader came; or it is gone, unplugged or without its service."""

    ready: bool


@dataclass(frozen=True, slots=True)
class CardProgressed:
    """How far the ReadCard of this number is."""

    read: int
    stage: CardStage


@dataclass(frozen=True, slots=True)
class CardTold:
    """The answer to the ReadCard of this number."""

    read: int
    result: CardResult


@dataclass(frozen=True, slots=True)
class KeyTyped:
    """A key of the screen's keypad, or of a keyboard: one letter or digit, in any of three scripts."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyErased:
    """The last letter is taken back."""


@dataclass(frozen=True, slots=True)
class KeyEntered:
    """What was typed is complete."""


@dataclass(frozen=True, slots=True)
class KeyPartChosen:
    """The visitor wants to type another part: the card access number instead of the fields, or the fields after all."""

    part: KeyPart


@dataclass(frozen=True, slots=True)
class BackPressed:
    """One step back."""


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """The visitor wants a one-time code, or another one."""


CardEvent: TypeAlias = (
    CardPut
    | CardTaken
    | ReaderChanged
    | CardProgressed
    | CardTold
    | KeyTyped
    | KeyErased
    | KeyEntered
    | KeyPartChosen
    | BackPressed
    | CodeWanted
)

# ---- effects out --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadCard:
    """Read the card and let the office judge it; answer with CardTold of the same number."""

    read: int
    key: CardKey | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendCode:
    """Let the office send a one-time code; answer with CardTold of the same number."""

    read: int
    ask: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenByCode:
    """Let the office judge a one-time code; answer with CardTold of the same number."""

    read: int
    ask: bytes = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Chime:
    """Sound the chime: something of the visitor's still lies here."""
