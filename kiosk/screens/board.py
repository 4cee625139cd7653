"""The ground that a screen is laid on. Places are counted from the top and from the side where reading starts.

So a right-to-left screen is the mirror of a left-to-right one, without a second layout.
"""

from collections.abc import Callable
from dataclasses import field, replace
from itertools import combinations
from typing import Any, Final

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from devices.lettering import Align, Direction, Style
from kiosk.comfort import Comfort
from kiosk.text import Code, Lettered, Letterer, Text
from kiosk.theme import Colour, Theme
from kiosk.words import Words

from ..frozen import frozen
from .joining import unjoined
from .press import WHOLE, Cover, Holdable, Pressable, WholeScreen
from .shapes import Draw, outline, rounded_box
from .signs import SignWidget, large_tick

_TICK: Final = 0.75
"""Of the room of the tick that marks what is chosen, the tick; the rest parts it from the words."""


def tick_room(theme: Theme) -> int:
    """Return how much wider a button is, in pixels, once it is chosen."""
    return round(theme.type(32).size * 1.25)


@frozen
class Box:
    """Where a ground lies, in pixels as Kivy counts."""

    x: float
    y: float
    right: float
    top: float


class Board(Widget):
    """A whole screen, or a page of one; `pos`: its lower left corner, where it is looked at through a lower panel."""

    def __init__(self, theme: Theme, pos: tuple[float, float] = (0, 0)) -> None:
        super().__init__(size_hint=(None, None), size=(theme.width, theme.height), pos=pos)
        self.reach = theme.height - theme.beyond_reach
        """How high, from the lower edge, something to press may stand."""
        self.grounds: list[Box] = []
        """The panels and cards that were drawn under what lies on it."""
        self.together: list[Box] = []
        """What is looked at together: a name with its lines, a step of the chain."""
        self.parted: list[Box] = []
        """What begins on this page and ends on another, though a page would hold it: of these, and of letters."""
        self.foot: int | None = None
        """The y, from the top, of the ways home and the languages: they stand on every page."""

    def overflow(self) -> list[str]:
        """Tell what does not fit: cut text, no glyph, things outside, out of reach, over another or an edge, parted."""
        widgets = list(self.walk(restrict=True))
        texts = [widget for widget in widgets if isinstance(widget, Text)]
        buttons = [widget for widget in widgets if isinstance(widget, Pressable)]
        things = [
            widget
            for widget in widgets
            if isinstance(widget, Text | Code | SignWidget | Pressable) and not isinstance(widget, WholeScreen | Cover)
        ]
        alone = [thing for thing in things if not isinstance(thing.parent, Pressable)]
        pairs = combinations(alone, 2)
        high = [thing for thing in things if isinstance(thing, Pressable) and thing.top > self.reach]
        grounds = [ground for widget in widgets if isinstance(widget, Board) for ground in widget.grounds]
        return [
            *(f"cut: {text.lettered.text}" for text in texts if text.lettered.truncated),
            *(f"a word in two: {text.lettered.text}" for text in texts if text.lettered.parts_a_word),
            *(f"no glyph: {text.lettered.text}" for text in texts if text.lettered.unknown_glyphs),
            *(f"letters do not join: {text.lettered.text}" for text in texts if unjoined(text.lettered)),
            *(f"outside the screen: {_name(thing)}" for thing in things if not _within(thing, self)),
            *(f"out of reach: {_name(thing)}" for thing in high),
            *(f"outside its button: {_name(child)}" for b in buttons for child in b.children if not _within(child, b)),
            *(f"over each other: {_name(one)} / {_name(other)}" for one, other in pairs if _overlap(one, other)),
            *(f"over the edge of its ground: {_name(one)}" for one in alone if any(_crosses(one, g) for g in grounds)),
            *(f"parted: {round(box.top - box.y)} pixels" for w in widgets if isinstance(w, Board) for box in w.parted),
        ]


@frozen
class Pen:
    """Draws on one board in one language. Lengths are pixels; x from the start of reading, y from the top.

    `suit` takes how the visitor wants the screen, where he can say so; `comfort` is how he wants it now. `speaks`: this
    terminal has a voice; `tell` says the screen once more, where somebody has headphones in. `spares`: letters are so
    large that actions which can be done without are left out.
    """

    theme: Theme
    words: Words
    letterer: Letterer
    board: Board
    comfort: Comfort = field(default_factory=Comfort)
    suit: Callable[[Comfort], None] | None = None
    speaks: bool = False
    tell: Callable[[], None] | None = None
    spares: bool = False

    def on(self, board: Board) -> "Pen":
        """Return the same pen for another board."""
        return replace(self, board=board)

    def lettered(self, text: int) -> "Pen":
        """Return the same pen for letters of so many percent of the usual."""
        return replace(self, theme=replace(self.theme, text=text))

    def page(self) -> Board:
        """Return a board to lay over this pen's."""
        return Board(self.theme, (self.board.x, self.board.y))

    def letter(
        self,
        text: str,
        style: Style,
        width: int | None = None,
        *,
        align: Align = Align.START,
        direction: Direction | None = None,
        max_lines: int | None = None,
    ) -> Lettered:
        """Letter a text in this language's direction, or in its own."""
        return self.letterer.letter(text, style, direction or self.words.direction, width, align, max_lines)

    def text(self, lettered: Lettered, colour: Colour, x: float, y: float) -> None:
        """Set a text with its top at y."""
        self.board.add_widget(Text(lettered, colour, self.corner(x, y, lettered.width, lettered.height)))

    def sign(self, draw: Draw, x: float, y: float, side: int) -> None:
        self.board.add_widget(SignWidget(draw, side, self.corner(x, y, side, side)))

    def code(self, text: str, x: float, y: float, side: int) -> None:
        """Draw a QR code in the middle of a square; it takes as much of it as whole pixels a module allow."""
        code = Code(text, side, (0, 0))
        spare = (side - code.width) / 2
        left, bottom = self.corner(x + spare, y + spare, code.width, code.height)
        self.board.add_widget(Code(text, side, (round(left), round(bottom))))

    def panel(  # noqa: PLR0917 - a box, its colours, its corners
        self, x: float, y: float, width: float, height: float, fill: Colour, line: Colour | None, radius: float
    ) -> None:
        """Draw a rounded ground under what comes next."""
        left, bottom = self.corner(x, y, width, height)
        self.board.grounds.append(Box(left, bottom, left + width, bottom + height))
        with self.board.canvas.before:
            rounded(left, bottom, width, height, fill, line, radius, self.theme.line)

    def together(self, x: float, y: float, width: float, height: float) -> None:
        """Note a box of what is looked at together."""
        left, bottom = self.corner(x, y, width, height)
        self.board.together.append(Box(left, bottom, left + width, bottom + height))

    def keep(self, y: int) -> None:
        """Note that what stands from y down is wanted on every page: the ways home, the languages."""
        self.board.foot = y if self.board.foot is None else min(y, self.board.foot)

    def bar(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Draw a plain rectangle under what comes next."""
        with self.board.canvas.before:
            Color(*colour)
            Rectangle(pos=self.corner(x, y, width, height), size=(width, height))

    def press(  # noqa: PLR0917 - a box and what it does
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        name: str,
        label: Lettered,
        do: Callable[[], None],
        *,
        main: bool = False,
        chosen: bool = False,
        round_ends: bool = False,
    ) -> None:
        """Place something to press; what is chosen bears a tick before its words, for which `label` leaves room."""
        palette, before = self.theme.palette, tick_room(self.theme) if chosen else 0
        button = Pressable(
            name,
            do,
            pos=self.corner(x, y, width, height),
            size=(width, height),
            radius=height / 2 if round_ends else self.theme.px(28),
            fill=palette.green if main or chosen else palette.card,
            line=palette.edge if round_ends and not chosen else palette.green,
            pressed=palette.ink if main or chosen else palette.green_ground,
            ring=palette.blue,
            line_width=self.theme.line,
            main=main,
            chosen=chosen,
        )
        colour = palette.on_green if main or chosen else (palette.ink if round_ends else palette.green)
        top = y + (height - label.height) / 2
        start = x + (width - label.width + before) / 2
        button.add_widget(Text(label, colour, self.corner(start, top, label.width, label.height)))
        if chosen:
            side = round(before * _TICK)
            corner = self.corner(x + (width - label.ink_width - before) / 2, y + (height - side) / 2, side, side)
            button.add_widget(SignWidget(large_tick(colour), side, corner))
        self.board.add_widget(button)

    def press_card(  # noqa: PLR0917 - a box and what it does
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        name: str,
        title: Lettered,
        hint: Lettered | None,
        do: Callable[[], None],
        *,
        side: int,
        release: Callable[[], None] | None = None,
        sign: tuple[Draw, int] | None = None,
    ) -> None:
        """Place something to press that says more than a word: a title, and under it a hint, `side` from its edge.

        With `release` it is held: `do` when the finger comes down, `release` when it leaves. `sign` and its width stand
        before the words.
        """
        palette = self.theme.palette
        left, bottom = self.corner(x, y, width, height)
        button = (Pressable if release is None else Holdable)(
            name,
            do,
            pos=(left, bottom),
            size=(width, height),
            radius=self.theme.px(28),
            fill=palette.card,
            line=palette.edge,
            pressed=palette.green_ground,
            ring=palette.blue,
            line_width=self.theme.line,
        )
        if isinstance(button, Holdable) and release is not None:
            button.release = release
        lines = [(title, palette.ink), *([(hint, palette.soft)] if hint is not None else [])]
        top = y + (height - sum(line.height for line, _ in lines)) / 2
        for line, colour in lines:
            button.add_widget(Text(line, colour, self.corner(x + side, top, line.width, line.height)))
            top += line.height
        if sign is not None:
            draw, wide = sign
            corner = self.corner(x + (side - wide) / 2, y + (height - wide) / 2, wide, wide)
            button.add_widget(SignWidget(draw, wide, corner))
        self.board.add_widget(button)

    def press_sign(  # noqa: PLR0917 - a place, what it is called and does
        self, x: float, y: float, side: int, name: str, label: str, draw: Draw, do: Callable[[], None]
    ) -> None:
        """Place a round target that bears a sign; `label` is what it is called aloud."""
        palette = self.theme.palette
        button = Pressable(
            name,
            do,
            pos=self.corner(x, y, side, side),
            size=(side, side),
            radius=side / 2,
            fill=palette.card,
            line=palette.edge,
            pressed=palette.green_ground,
            ring=palette.blue,
            line_width=self.theme.line,
            label=label,
        )
        inset = side // 8
        inside = side - 2 * inset
        button.add_widget(SignWidget(draw, inside, self.corner(x + inset, y + inset, inside, inside)))
        self.board.add_widget(button)

    def cover(self, name: str, label: str, do: Callable[[], None]) -> None:
        """Make the whole screen one target, for fingers and keys, over everything that is on it."""
        clear = (0.0, 0.0, 0.0, 0.0)
        board = self.board
        button = Cover(
            *(name, do),
            pos=(0, 0),
            size=board.size,
            radius=1,
            fill=clear,
            line=clear,
            pressed=clear,
            ring=clear,
            line_width=1,
            label=label,
        )
        board.add_widget(button)

    def whole(self, do: Callable[[], None]) -> None:
        """Make the screen itself a target of the keys: what is on it is told once more."""
        palette, inset = self.theme.palette, self.theme.px(16)
        clear = (0.0, 0.0, 0.0, 0.0)
        width, height = self.board.width - 2 * inset, self.board.height - 2 * inset
        self.board.add_widget(
            WholeScreen(
                WHOLE,
                do,
                pos=(inset, inset),
                size=(width, height),
                radius=self.theme.px(28),
                fill=clear,
                line=clear,
                pressed=clear,
                ring=palette.blue,
                line_width=self.theme.line,
            )
        )

    def corner(self, x: float, y: float, width: float, height: float) -> tuple[float, float]:
        """Return the lower left corner, as Kivy counts, of a box given as this pen counts."""
        rtl = self.words.direction is Direction.RTL
        left = self.board.width - x - width if rtl else x
        return (round(left), round(self.board.top - y - height))


def rounded(  # noqa: PLR0917 - a box, its colours, its corners
    left: float,
    bottom: float,
    width: float,
    height: float,
    fill: Colour,
    line: Colour | None,
    radius: float,
    line_width: float,
) -> None:
    """Draw a rounded rectangle with its line, in the canvas at hand."""
    Color(*fill)
    rounded_box((left, bottom), (width, height), radius)
    if line is not None:
        Color(*line)
        outline(left, bottom, width, height, radius, line_width)


def _within(inner: Any, outer: Any) -> bool:
    return inner.x >= outer.x and inner.right <= outer.right and inner.y >= outer.y and inner.top <= outer.top


def _crosses(thing: Any, ground: Box) -> bool:
    """Tell whether a thing lies on a ground in part: beyond its edge, or over it from beside."""
    # A line of text has air above and below its letters; large ones in a field use it up.
    air = thing.height / 5 if isinstance(thing, Text) else 0.0
    seen = Box(thing.x, thing.y + air, thing.right, thing.top - air)
    return _overlap(seen, ground) and not _within(seen, ground)


def _overlap(one: Any, other: Any) -> bool:
    # Two boxes may share an edge; rounding to pixels may make that one pixel.
    return min(one.right, other.right) - max(one.x, other.x) > 1 and min(one.top, other.top) - max(one.y, other.y) > 1


def _name(widget: Any) -> str:
    if isinstance(widget, Text):
        return widget.lettered.text
    return str(getattr(widget, "name", type(widget).__name__))
