"""What a keypad can be in: a closed set."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeypadReady:
    """Plugged in and read from."""


@dataclass(frozen=True, slots=True)
class KeypadOffline:
    """Unplugged, not to be opened, or there is none at this terminal; why: for the operator."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class KeypadUnknown:
    """Its driver is being started again, or a key does not stop; why: for the operator."""

    why: str


KeypadState = KeypadReady | KeypadOffline | KeypadUnknown
