"""The bar of actions at the bottom of a screen, and the buttons for other languages."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Generic, TypeAlias, TypeVar

from devices.lettering import Align
from kiosk.text import Lettered
from kiosk.visit_events import Event, LanguageChosen
from kiosk.visit_state import CORE_LANGUAGES, SCREEN_LANGUAGES, ScreenLanguage
from kiosk.words import words_of

from ..frozen import frozen
from .board import Pen, tick_room
from .signs import person

Send = Callable[[Event], None]
Sends_co = TypeVar("Sends_co", covariant=True)
Sent = TypeVar("Sent")
_LANGUAGE_SIZES: Final = ((34, 72), (34, 36), (30, 36), (30, 16), (24, 12))
"""Of a language's name, and the room beside it in its button: the largest with which all stand in one line."""


@frozen
class Action(Generic[Sends_co]):
    """Something that can be done: the button's name in the tree, its words, what it sends.

    `spare`: where its words are too large to stand beside the others, and a screen with it would come apart, it is left
    out.
    """

    name: str
    label: str
    event: Sends_co
    spare: bool = False


_LINES_OF_A_BUTTON: Final = 2
_SIDES: Final = 2
# The main one is the widest; three must still hold two words each beside it.
_SHARES: Final = {1: (1.0,), 2: (0.62, 0.38), 3: (0.42, 0.29, 0.29)}
_TYPES_OF_A_ROW: Final = ((40, 36), (36, 32), (32, 30))
"""Of the main action's words, and of those beside it, from large to small."""
_TYPES_OF_TWO_LINES: Final = (36, 34, 32)
_LEAST_OF_TWO_LINES: Final = 30
"""Of all words of a row where some stand in two lines: from large to small, and the least."""
_INSIDE: Final = 40
"""Of a button's width, what its words leave free."""


def action_bar_height(pen: Pen) -> int:
    return max(pen.theme.target, pen.theme.px(120 if pen.theme.landscape else 150))


def place_actions(pen: Pen, actions: tuple[Action[Sent], ...], send: Callable[[Sent], None]) -> int:
    """Set the actions along the bottom, the main one first and widest. Returns the y (from the top) they begin at."""
    theme = pen.theme
    gap = theme.px(24)
    room = theme.width - 2 * theme.margin - gap * (len(actions) - 1)
    usual = [round(room * share) for share in _SHARES[len(actions)]]
    row = _in_one_line(pen, actions, usual) or _in_two_lines(pen, actions, usual)
    if row is None:
        needed = tuple(action for action in actions if not (action.spare and pen.spares))
        if needed != actions:
            return place_actions(pen, needed, send)
        return _place_under_each_other(pen, actions, send)
    widths, labels = row
    height = max(action_bar_height(pen), *(label.height + theme.px(24) for label in labels))
    top = theme.height - theme.margin - height
    x = theme.margin
    for at, (action, width, label) in enumerate(zip(actions, widths, labels, strict=True)):
        pen.press(x, top, width, height, action.name, label, lambda event=action.event: send(event), main=at == 0)
        x += width + gap
    pen.keep(top)
    return top


_Row: TypeAlias = tuple[list[int], list[Lettered]]
"""Of each action in a row, the width and the words."""


def _in_one_line(pen: Pen, actions: tuple[Action[Sent], ...], usual: list[int]) -> _Row | None:
    """Letter every action in one line, as large as goes; the words of one may need more than its usual share."""
    theme = pen.theme
    for main, beside in _TYPES_OF_A_ROW:
        labels = [
            pen.letter(action.label, theme.type(beside if at else main, strong=True))
            for at, action in enumerate(actions)
        ]
        first, *others = (label.width + theme.px(_INSIDE) for label in labels)
        alike = [first, *[max(others, default=0)] * len(others)]
        widths = _shared(alike, usual) or _shared([first, *others], usual)
        if widths is not None:
            return widths, labels
    return None


def _shared(needed: list[int], usual: list[int]) -> list[int] | None:
    """Return the usual widths, some larger by what others can spare; None where the main one would not be widest."""
    lacking = sum(max(0, need - width) for need, width in zip(needed, usual, strict=True))
    spare = sum(max(0, width - need) for need, width in zip(needed, usual, strict=True))
    if lacking > spare:
        return None
    kept = 1 - lacking / spare if spare else 1
    widths = [need + int(max(0, width - need) * kept) for need, width in zip(needed, usual, strict=True)]
    return widths if widths[0] == max(widths) else None


def _in_two_lines(pen: Pen, actions: tuple[Action[Sent], ...], usual: list[int]) -> _Row | None:
    """Letter each action in one line or in two, within its usual share; None where some words do not fit so."""
    labels = _alike(pen, actions, usual, main=True)
    return (usual, labels) if all(map(_fits, labels)) else None


def _alike(pen: Pen, actions: tuple[Action[Sent], ...], widths: list[int], *, main: bool) -> list[Lettered]:
    """Letter the words of a row of buttons in one size: the largest in which all fit and the row is no higher.

    `main`: the first is the main one; its words are larger where they stand in one line so, and never smaller.
    """
    theme = pen.theme

    def lettered(size: int) -> list[Lettered]:
        return [_within(pen, action.label, width, size) for action, width in zip(actions, widths, strict=True)]

    least, larger = lettered(_LEAST_OF_TWO_LINES), map(lettered, _TYPES_OF_TWO_LINES)
    room = max([action_bar_height(pen) - theme.px(24), *(label.height for label in least)])
    fitting = (labels for labels in larger if all(_fits(label) and label.height <= room for label in labels))
    labels = next(fitting, least)
    if main:
        whole = pen.letter(actions[0].label, theme.type(_TYPES_OF_A_ROW[0][0], strong=True))
        if whole.width <= widths[0] - theme.px(_INSIDE):
            labels[0] = whole
    return labels


def _place_under_each_other(pen: Pen, actions: tuple[Action[Sent], ...], send: Callable[[Sent], None]) -> int:
    """Set actions whose words are too large to stand in one row; the main one has the first row, and the tallest."""
    theme, gap = pen.theme, pen.theme.px(24)
    whole = theme.width - 2 * theme.margin
    half = (whole - gap) // 2
    others = _alike(pen, actions[1:], [half] * len(actions[1:]), main=False)
    beside = len(others) == _SIDES and all(map(_fits, others))
    rows = [actions[:1], actions[1:]] if beside else [(action,) for action in actions]
    widths = [whole if len(row) == 1 else half for row in rows]
    labels = [
        others if len(row) == _SIDES else _alike(pen, row, [width], main=row[0] is actions[0])
        for row, width in zip(rows, widths, strict=True)
    ]
    heights = [max(theme.target, theme.px(100), *(label.height + gap for label in row)) for row in labels]
    if not pen.spares:
        heights[0] = max(heights)
    y = top = theme.height - theme.margin - sum(heights) - gap * (len(rows) - 1)
    for row, lettered, width, height in zip(rows, labels, widths, heights, strict=True):
        x = theme.margin
        for action, label in zip(row, lettered, strict=True):
            pen.press(
                *(x, y, width, height, action.name, label),
                lambda event=action.event: send(event),
                main=action is actions[0],
            )
            x += width + gap
        y += height + gap
    pen.keep(top)
    return top


def _within(pen: Pen, text: str, width: int, size: int) -> Lettered:
    """Letter the words of a button this wide, in as many lines as they need."""
    style, inside = pen.theme.type(size, strong=True), width - pen.theme.px(_INSIDE)
    label = pen.letter(text, style, inside, align=Align.CENTER)
    # The last letter of a line may reach beyond the line, as Arabic ones do: then its words stand a little closer.
    return label if not label.truncated else pen.letter(text, style, inside - pen.theme.px(24), align=Align.CENTER)


def _fits(label: Lettered) -> bool:
    """Tell whether a button's words stand in it as they should: in two lines at most, and no word in two pieces."""
    return label.lines <= _LINES_OF_A_BUTTON and not label.parts_a_word


def language_height(pen: Pen) -> int:
    words = pen.letter(pen.words("language.name"), pen.theme.type(34))
    return max(pen.theme.target, pen.theme.px(92), words.height + pen.theme.px(16))


def place_languages(
    pen: Pen,
    y: int,
    send: Callable[[LanguageChosen], None],
    *,
    every: bool = False,
    offered: tuple[ScreenLanguage, ...] = SCREEN_LANGUAGES,
) -> int:
    """Set the languages' buttons at the end of a line whose top is y; returns the width they take.

    every: those of `offered`, this screen's own as chosen, from the start of the line; else all but its own. The core
    language of this visit is among them, so that whoever left it by mistake finds it again.
    """
    theme = pen.theme
    height, gap = language_height(pen), theme.px(20)
    if y > theme.height / 2:  # not those over a list
        pen.keep(y)
    control = _place_comfort(pen, y, height)
    shown = [words_of(language) for language in _shown(pen, offered) if every or language != pen.words.language]
    room = theme.width - 2 * theme.margin - control
    labels: list[Lettered] = []
    widths: list[int] = []
    total = 0
    for size, inside in _LANGUAGE_SIZES:
        labels = [pen.letter(words("language.name"), theme.type(size), direction=words.direction) for words in shown]
        before = [tick_room(theme) if words.language == pen.words.language else 0 for words in shown]
        widths = [
            max(label.width + theme.px(inside) + tick, theme.target) for label, tick in zip(labels, before, strict=True)
        ]
        total = sum(widths) + gap * (len(widths) - 1)
        if total <= room:
            break
    x = theme.margin if every else theme.width - theme.margin - control - total
    for words, label, width in zip(shown, labels, widths, strict=True):
        event = LanguageChosen(words.language)
        pen.press(
            *(x, y, width, height, f"language.{words.language}", label),
            lambda event=event: send(event),
            chosen=words.language == pen.words.language,
            round_ends=True,
        )
        x += width + gap
    return total + control


def place_every_language(
    pen: Pen,
    below: int,
    send: Callable[[LanguageChosen], None],
    offered: tuple[ScreenLanguage, ...] = SCREEN_LANGUAGES,
) -> int:
    """Set a row of the languages above y = below, this screen's own as chosen; returns the y that it begins at."""
    top = below - pen.theme.px(28) - language_height(pen)
    place_languages(pen, top, send, every=True, offered=offered)
    return top


def _shown(pen: Pen, offered: tuple[ScreenLanguage, ...]) -> tuple[ScreenLanguage, ...]:
    core = pen.words.language if pen.words.language in CORE_LANGUAGES else pen.comfort.core
    return (*offered, core) if offered and core is not None and core not in offered else offered


def _place_comfort(pen: Pen, y: int, side: int) -> int:
    """Set the control of accessibility at the end of the line, where a visit is drawn; returns the width it takes."""
    if pen.suit is None:
        return 0
    theme = pen.theme
    choose, wanted = pen.suit, replace(pen.comfort, choosing=True)
    x = theme.width - theme.margin - side
    sign = person(theme.palette.ink)
    pen.press_sign(x, y, side, "comfort", pen.words("comfort.title"), sign, lambda: choose(wanted))
    return side + theme.px(20)
