"""Every screen drawn once for all that is asked about it: drawing is what takes the time of these tests."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kiosk.comfort import Comfort
from kiosk.samples import TERMINAL, now, screens
from kiosk.visit_events import Event
from kiosk.visit_state import ScreenLanguage

from .window import window

_AS_USUAL = Comfort()


@dataclass
class Target:
    """Something to press: its size, and where its upper edge is, from the bottom; all in pixels."""

    width: float
    height: float
    top: float


@dataclass
class Seen:
    """What one screen showed. `faults`: what is cut, overlaps or lies outside, on any page. `sent`: by all its targets.

    `letters`: their size in percent. `in_parts`: it is looked at part by part. `highest`: where the upper edge of the
    highest target of all its pages is, from the bottom, in pixels.
    """

    faults: list[str]
    letters: int
    in_parts: bool
    highest: float
    targets: dict[str, Target] = field(default_factory=dict)
    sent: list[Event] = field(default_factory=list)


def seen(size: tuple[int, int], language: ScreenLanguage, comfort: Comfort = _AS_USUAL) -> dict[str, Seen]:
    """Draw every sample, by name, as a visitor wants it; once for whoever asks."""
    return _seen(size, language, comfort)


@cache
def _seen(size: tuple[int, int], language: ScreenLanguage, comfort: Comfort) -> dict[str, Seen]:
    window()
    from kiosk.screens import Screens
    from kiosk.screens.pages import faults_on
    from kiosk.screens.press import Pressable

    drawn = Screens(size, TERMINAL, clock=now)
    drawn.suit(comfort)
    found: dict[str, Seen] = {}
    for name, state in screens(language).items():
        sent: list[Event] = []
        board = drawn.build(state, sent.append)
        faults = faults_on(board)
        one = found[name] = Seen(faults, drawn.letters, drawn.in_parts, _highest(board), sent=sent)
        targets = [widget for widget in board.walk(restrict=True) if isinstance(widget, Pressable)]
        for target in targets:
            one.targets[target.name] = Target(target.width, target.height, target.top)
            target.do()
    drawn.suit(Comfort())
    drawn.forget()
    drawn.close()
    return found


def _highest(board: Any) -> float:
    from kiosk.screens.pages import Pages
    from kiosk.screens.press import Pressable

    turned = [widget for widget in board.walk(restrict=True) if isinstance(widget, Pages)]
    pages = [pages.board(at) for pages in turned for at in range(pages.count)]
    every = [widget for one in (board, *pages) for widget in one.walk(restrict=True)]
    return max((widget.top for widget in every if isinstance(widget, Pressable)), default=0)


def faults_of(size: tuple[int, int], language: ScreenLanguage, comfort: Comfort = _AS_USUAL) -> list[str]:
    """Return what is wrong with any of the screens."""
    return [f"{name}: {fault}" for name, one in seen(size, language, comfort).items() for fault in one.faults]
