"""What happens in a visit by card: events of reader, office and keypad, and the effects that the app carries out."""

from dataclasses import field
from typing import TypeAlias

from .card_state import CardKey, CardResult, CardStage, KeyPart, OnReader
from .frozen import frozen

# ---- events in ----------------------------------------------------------------------------------------------------


@frozen
class CardPut:
    """A card was put in or laid on the reader, or one that lay there answers no more."""

    what: OnReader


@frozen
class CardTaken:
    """No card is on the reader any more, or nobody can tell."""


@frozen
class ReaderChanged:
    """The card reader came; or it is gone, unplugged or without its service."""

    ready: bool


@frozen
class CardProgressed:
    """How far the ReadCard of this number is."""

    read: int
    stage: CardStage


@frozen
class CardTold:
    """The answer to the ReadCard of this number."""

    read: int
    result: CardResult


@frozen
class KeyTyped:
    """A key of the screen's keypad, or of a keyboard: one letter or digit, in any of three scripts."""

    text: str = field(repr=False)


@frozen
class KeyErased:
    """The last letter is taken back; `whole`: all that stands there."""

    whole: bool = False

    def left_of(self, typed: str) -> str:
        return "" if self.whole else typed[:-1]


@frozen
class KeyEntered:
    """What was typed is complete."""


@frozen
class KeyPartChosen:
    """The visitor wants to type another part: the card access number instead of the fields, or the fields after all."""

    part: KeyPart


@frozen
class BackPressed:
    """One step back."""


@frozen
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


@frozen
class ReadCard:
    """Read the card and let the office judge it; answer with CardTold of the same number."""

    read: int
    key: CardKey | None = field(repr=False)


@frozen
class SendCode:
    """Let the office send a one-time code; answer with CardTold of the same number."""

    read: int
    ask: bytes = field(repr=False)


@frozen
class OpenByCode:
    """Let the office judge a one-time code; answer with CardTold of the same number."""

    read: int
    ask: bytes = field(repr=False)
    code: str = field(repr=False)


@frozen
class Chime:
    """Sound the chime: something of the visitor's still lies here."""
