"""What the supervisor tells of the keypad, to a listener of its own."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from devices.keypad.states import KeypadState


class Key(Enum):
    """The five keys of a tactile pad, and the two beside its jack where it has them."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    OK = "ok"
    LOUDER = "louder"
    SOFTER = "softer"


FIVE: Final = (Key.UP, Key.DOWN, Key.LEFT, Key.RIGHT, Key.OK)
"""What every pad has."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """Told once for each press, however long the key is held."""

    key: Key


@dataclass(frozen=True, slots=True)
class KeyReleased:
    """Told once for each press: the finger left the key, or nobody can tell any more."""

    key: Key


@dataclass(frozen=True, slots=True)
class JackChanged:
    """Told when a plug goes in or out, and at the start where the machine says whether one is in.

    inserted: headphones are in the jack, or the handset is off its hook where it is wired as such.
    """

    inserted: bool


@dataclass(frozen=True, slots=True)
class KeypadChanged:
    state: KeypadState


KeypadEvent = KeyPressed | KeyReleased | JackChanged | KeypadChanged
