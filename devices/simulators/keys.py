"""The keys by which a scanner that plays a keyboard types a code."""

from typing import Final

from devices.keyboard import EV_KEY, EV_SYN, InputEvent
from devices.scanner.keymap import ALT_GR, Layout, level_of

SHIFT: Final = 42
ENTER: Final = 28
SPACE: Final = 57


def stroke(key: int, *held: int) -> list[InputEvent]:
    """One key, with others held, each followed by the kernel's report."""
    down = [InputEvent(EV_KEY, code, 1) for code in (*held, key)]
    up = [InputEvent(EV_KEY, code, 0) for code in (key, *reversed(held))]
    return [event for change in down + up for event in (change, InputEvent(EV_SYN, 0, 0))]


def typed(text: str, layout: Layout = "latin") -> list[InputEvent]:
    """The keys that type a text under a layout. Raises ValueError for a letter that it does not have."""
    events: list[InputEvent] = []
    for character in text:
        key, level = (SPACE, 0) if character == " " else level_of(character, layout)
        events += stroke(key, *((), (SHIFT,), (ALT_GR,))[level])
    return events
