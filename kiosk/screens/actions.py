"""The bar of actions at the bottom of a screen, and the buttons for other languages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from kiosk.visit_events import Event, LanguageChosen
from kiosk.visit_state import SCREEN_LANGUAGES, ScreenLanguage
from kiosk.words import other_languages, words_of

from .board import Pen

Send = Callable[[Event], None]
Sends_co = TypeVar("Sends_co", covariant=True)
Sent = TypeVar("Sent")


@dataclass(frozen=True, slots=True)
class Action(Generic[Sends_co]):
    """Something that can be done: the button's name in the tree, its words, what it sends."""

    name: str
    label: str
    event: Sends_co


def action_bar_height(pen: Pen) -> int:
    return max(pen.theme.target, pen.theme.px(120 if pen.theme.landscape else 150))


def place_actions(pen: Pen, actions: tuple[Action[Sent], ...], send: Callable[[Sent], None]) -> int:
    """Set the actions along the bottom, the main one first and widest. Returns the y (from the top) they begin at."""
    theme = pen.theme
    gap, height = theme.px(24), action_bar_height(pen)
    top = theme.height - theme.margin - height
    room = theme.width - 2 * theme.margin - gap * (len(actions) - 1)
    shares = [1.0] if len(actions) == 1 else [0.62, *([0.38 / (len(actions) - 1)] * (len(actions) - 1))]
    x = theme.margin
    for at, (action, share) in enumerate(zip(actions, shares, strict=True)):
        width = round(room * share)
        main = at == 0
        label = pen.letter(action.label, theme.type(40 if main else 36, strong=True))
        if label.width > width - theme.px(40):
            label = pen.letter(action.label, theme.type(30, strong=True), width - theme.px(40))
        pen.press(x, top, width, height, action.name, label, lambda event=action.event: send(event), main=main)
        x += width + gap
    return top


def language_height(pen: Pen) -> int:
    return max(pen.theme.target, pen.theme.px(92))


def place_languages(
    pen: Pen,
    y: int,
    send: Callable[[LanguageChosen], None],
    *,
    every: bool = False,
    offered: tuple[ScreenLanguage, ...] = SCREEN_LANGUAGES,
) -> int:
    """Set the languages' buttons at the end of a line whose top is y; returns the width they take.

    every: those of `offered`, this screen's own as chosen, from the start of the line; else all but its own.
    """
    theme = pen.theme
    height, gap = language_height(pen), theme.px(20)
    shown = [words_of(language) for language in offered] if every else other_languages(pen.words.language)
    labels = [pen.letter(words("language.name"), theme.type(34), direction=words.direction) for words in shown]
    widths = [max(label.width + theme.px(72), theme.target) for label in labels]
    total = sum(widths) + gap * (len(widths) - 1)
    x = theme.margin if every else theme.width - theme.margin - total
    for words, label, width in zip(shown, labels, widths, strict=True):
        event = LanguageChosen(words.language)
        pen.press(
            *(x, y, width, height, f"language.{words.language}", label),
            lambda event=event: send(event),
            chosen=words.language == pen.words.language,
            round_ends=True,
        )
        x += width + gap
    return total
