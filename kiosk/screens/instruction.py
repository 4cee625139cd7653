"""The one instruction of home: the slip on its light, or what the camera sees, and the words to it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kivy.clock import Clock

from devices.lettering import Align
from kiosk.camera import CameraView, PaperHeld, instruction
from kiosk.theme import USUAL, Theme
from kiosk.words import other_languages

from .blocks import Block, Heading, Line, Stack
from .board import Pen
from .signs import SignWidget, slip

if TYPE_CHECKING:
    from kivy.input.motionevent import MotionEvent

    from .demonstration import Demonstration

_INSTRUCTION_SIZES: Final = (
    ((80, 76, 72, 68, 64), 40, 36, 18),
    ((64, 60, 56, 52), 34, 32, 8),
    ((52, 48, 44), 32, 30, 4),
    ((44, 40, 36), 30, 30, 0),
)
"""Of the heading, of what follows from it, of the other languages, and the space between."""
LEAST_PICTURE: Final = 200
"""The side of the slip, or of what the camera sees, that is still worth a smaller heading."""
_LYING: Final = 1.75
"""How much wider than high a panel of large letters is that has room for them beside the picture."""
_SHOWN_AFTER: Final = 4.0
"""Seconds that home stands still before the hand comes: by then somebody has read the sentence, or does not read."""


class _Slip(SignWidget):
    """The slip on its light. After a while a hand shows, without a word, what is done with it; if anything `moves`.

    What shows it is not imported before: the first picture of home is complete without it.
    """

    def __init__(self, pen: Pen, pos: tuple[float, float], side: int, *, moves: bool) -> None:
        super().__init__(slip(pen.theme.palette), side, pos)
        self._pen = pen
        self._moves = moves
        self._shows: Demonstration | None = None
        self._stop: Callable[[], None] = lambda: None
        if moves:
            self._stop = Clock.schedule_once(self._show_how, _SHOWN_AFTER).cancel

    def _show_how(self, *_: object) -> None:
        from .demonstration import Demonstration

        self._shows = Demonstration(self, self._pen.theme.palette)
        self._stop = self._shows.stop

    def on_touch_down(self, touch: "MotionEvent") -> bool:
        """Show it to whoever touches the picture; the touch goes on to what else is there."""
        if self._moves and self.collide_point(*touch.pos):
            self._stop()
            if self._shows is None:
                self._show_how()
            else:
                self._shows.again()
        return False

    def on_parent(self, _: object, parent: object) -> None:
        if parent is None:
            self._stop()


def place_instruction(  # noqa: PLR0917 - a box, what it shows
    pen: Pen, top: int, width: int, bottom: int, held: PaperHeld | None, camera: CameraView, *, dimmed: bool
) -> int:
    """The slip on its light, and the one instruction: large in this language, smaller in the others.

    While a paper is `held` that is not read: what the camera sees of it, and what can be changed.
    Returns the y under it.
    """

    def picture(x: float, y: float, wide: int, high: int) -> None:
        if held is None:
            moves = not pen.comfort.easy and not dimmed
            pen.board.add_widget(_Slip(pen, pen.corner(x + (wide - high) / 2, y, high, high), high, moves=moves))
            return
        from .camera import place_preview

        place_preview(pen, x, y, wide, high, camera, held.hint)

    theme, palette = pen.theme, pen.theme.palette
    x, height = theme.margin, bottom - top
    if theme.panel is not None:  # a sheet, read from its top: the words first, and as much room as they need
        inside, side = width - 2 * theme.px(36), theme.px(320)
        words = _words(pen, inside, height, held)
        tall = words.height(pen, inside)
        pen.panel(x, top, width, tall + side + 3 * theme.gap, palette.green, None, theme.px(40))
        words.place(pen, x + theme.px(36), top + theme.gap, inside)
        picture(x + theme.px(36), top + tall + 2 * theme.gap, inside, side)
        return top + tall + side + 3 * theme.gap
    pen.panel(x, top, width, height, palette.green, None, theme.px(40))
    pen, words, inside, side = _laid_out(pen, width, height, held)
    tall = words.height(pen, inside)
    if _lies(theme, width, height):
        picture(x + theme.px(60), top + (height - side) / 2, side, side)
        start = top + max(0, (height - tall) / 2)
        words.place(pen, x + width - inside - theme.px(30), start, inside)
        return bottom
    if not side:
        words.place(pen, x + theme.px(36), top + max(0, (height - tall) / 2), inside)
        return bottom
    start = top + (height - side - theme.gap - tall) / 2
    picture(x + theme.px(36), start, inside, side)
    words.place(pen, x + theme.px(36), start + side + theme.gap, inside)
    return bottom


def sizes_of(pen: Pen, width: int, height: int, held: PaperHeld | None) -> tuple[float, int]:
    """Return of an instruction in a panel the size of its letters and the side of its picture; 0 where it is cut."""
    pen, words, inside, side = _laid_out(pen, width, height, held)
    title = words.blocks[0]
    if not isinstance(title, Heading) or words.height(pen, inside) > height:
        return 0.0, side
    return title.lettered(pen, inside).style.size, side


def _lies(theme: Theme, width: int, height: int) -> bool:
    """Tell whether the words stand beside the picture, not under it."""
    return theme.landscape and (theme.text == USUAL or width > _LYING * height)


def _laid_out(pen: Pen, width: int, height: int, held: PaperHeld | None) -> tuple[Pen, Stack, int, int]:
    """Return the words for a panel, their pen and width, and the side of the picture, 0 where it has no room."""
    theme = pen.theme
    if _lies(theme, width, height):
        side = round(min(width * (0.4 if held else 0.3), height * 0.8))
        inside = width - side - theme.px(60) - 2 * theme.px(30)
        return pen, _words(pen, inside, height - 2 * theme.px(30), held), inside, side
    inside, least = width - 2 * theme.px(36), theme.px(LEAST_PICTURE)
    pen, words = _over_picture(pen, inside, height - least - 3 * theme.gap, held)
    side = min(theme.px(560), round(height - words.height(pen, inside) - 3 * theme.gap))
    if side < least:
        return pen, _words(pen, inside, height - 2 * theme.px(18), held), inside, 0
    return pen, words, inside, side


def least_height(pen: Pen, width: int, held: PaperHeld) -> int:
    """Return the least height of the instruction to a paper that is held, over what the camera sees of it."""
    *_, (title, _) = _sizes(pen, held)
    words = replace(title, sizes=title.sizes[-1:]).height(pen, width - 2 * pen.theme.px(36))
    return words + pen.theme.px(LEAST_PICTURE) + 3 * pen.theme.gap


def _over_picture(pen: Pen, width: int, room: int, held: PaperHeld | None) -> tuple[Pen, Stack]:
    """Return the instruction and its pen: in the largest letters that leave a picture room.

    On an upright panel one of the slip is left out instead; what the camera sees of a paper is not.
    """
    smaller = pen.theme.landscape or held is not None
    for text in pen.theme.steps[:-1] if smaller else ():
        lettered = pen.lettered(text)
        words = _words(lettered, width, room, held)
        if words.height(lettered, width) <= room:
            return lettered, words
    return pen, _words(pen, width, room, held)


def _words(pen: Pen, width: int, room: int, held: PaperHeld | None) -> Stack:
    """Return the instruction as large as the room allows; in large letters on a wide panel, before what follows."""

    def fits(one: tuple[Heading, Stack]) -> bool:
        title, words = one
        return words.height(pen, width) <= room and not title.lettered(pen, width).parts_a_word

    large = pen.theme.text > USUAL
    if large and pen.theme.landscape:
        every = list(_sizes(pen, held))
        every += [(title, Stack((title,))) for title, _ in every]
        found = max(filter(fits, every), key=lambda one: one[0].lettered(pen, width).style.size, default=None)
    else:
        found = next(filter(fits, _sizes(pen, held)), None)
    if found is not None:
        return found[1]
    *_, (title, words) = _sizes(pen, held)
    return Stack((replace(title, sizes=title.sizes[-1:]),)) if large else words  # the one instruction, if nothing else


def _sizes(pen: Pen, held: PaperHeld | None) -> Iterator[tuple[Heading, Stack]]:
    """Yield the instruction, and all that is told with it, from large to small."""
    key = instruction(held)
    theme, white = pen.theme, pen.theme.palette.on_green
    for heading, answer, other_language, gap in _INSTRUCTION_SIZES:
        title = Heading(pen.words(key), heading, white, Align.CENTER)
        small = theme.type(other_language)
        texts: list[Block] = [
            title,
            *([Line(pen.words("home.answer_follows"), theme.type(answer), white, Align.CENTER)] if not held else []),
        ]
        others = other_languages(pen.words.language) if theme.text == USUAL else ()
        texts += [Line(other(key), small, white, Align.CENTER, other.direction) for other in others]
        yield title, Stack(tuple(texts), theme.px(gap))
