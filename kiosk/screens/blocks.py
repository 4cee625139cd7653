"""The pieces that screens are made of: each knows its height at a width, and sets itself down."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from devices.lettering import Align, Direction, Style
from kiosk.marks import Mark
from kiosk.text import Lettered
from kiosk.theme import Colour, Palette

from ..frozen import frozen
from .board import Pen
from .signs import Draw, mark_sign

if TYPE_CHECKING:
    from kiosk.chain import ToldStep


_NARROWER: Final = (0.55, 0.65, 0.75, 0.85, 0.95)
"""Shares of the width that are tried for lines of one length."""


class Block(Protocol):
    def height(self, pen: Pen, width: int) -> int: ...

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        """Set it down with its top at y."""
        ...


@frozen
class Line:
    """A paragraph. `even`: its lines are of about one length, as those of what is centred are: no word stands alone."""

    text: str
    style: Style
    colour: Colour
    align: Align = Align.START
    direction: Direction | None = None
    even: bool = False

    def height(self, pen: Pen, width: int) -> int:
        return self._letter(pen, width).height

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        lettered = self._letter(pen, width)
        if lettered.lines > 1 and (self.even or self.align is Align.CENTER):
            lettered = self._evenly(pen, width, lettered)
            x += (width - lettered.width) / 2 if self.align is Align.CENTER else 0
        pen.text(lettered, self.colour, x, y)

    def _evenly(self, pen: Pen, width: int, usual: Lettered) -> Lettered:
        """Letter it as narrow as goes with as many lines."""
        whole = pen.letter(self.text, self.style, direction=self.direction).width
        for share in _NARROWER:
            narrower = round(width * share)
            if narrower * usual.lines < whole:
                continue
            lettered = self._letter(pen, narrower)
            if lettered.lines == usual.lines and not lettered.truncated and not lettered.parts_a_word:
                return lettered
        return usual

    def _letter(self, pen: Pen, width: int) -> Lettered:
        return pen.letter(self.text, self.style, width, align=self.align, direction=self.direction)


@frozen
class Heading:
    """The largest text of a screen: of the sizes given, the largest that takes the fewest lines."""

    text: str
    sizes: tuple[float, ...]
    colour: Colour
    align: Align = Align.START

    def height(self, pen: Pen, width: int) -> int:
        return self._line(pen, width).height(pen, width)

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        self._line(pen, width).place(pen, x, y, width)

    def lettered(self, pen: Pen, width: int) -> Lettered:
        """Return it in the size that it takes in a width."""
        return pen.letter(self.text, self._line(pen, width).style, width, align=self.align)

    def _line(self, pen: Pen, width: int) -> Line:
        best, fewest = pen.theme.type(self.sizes[0], strong=True), 0
        for size in self.sizes:
            style = pen.theme.type(size, strong=True)
            lines = pen.letter(self.text, style, width, align=self.align).lines
            if lines < fewest or not fewest:
                best, fewest = style, lines
            if lines == 1:
                break
        return Line(self.text, best, self.colour, self.align, even=True)


@frozen
class Stack:
    """Blocks under each other."""

    blocks: tuple[Block, ...]
    gap: int = 0

    def height(self, pen: Pen, width: int) -> int:
        return sum(block.height(pen, width) for block in self.blocks) + self.gap * (len(self.blocks) - 1)

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        for block in self.blocks:
            block.place(pen, x, y, width)
            y += block.height(pen, width) + self.gap


@frozen
class Signed:
    """A sign, and a block beside it."""

    draw: Draw
    side: int
    gap: int
    block: Block

    def height(self, pen: Pen, width: int) -> int:
        return max(self.side, self.block.height(pen, width - self.side - self.gap))

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        beside = width - self.side - self.gap
        height = self.height(pen, width)
        pen.sign(self.draw, x, y + (height - self.side) / 2, self.side)
        top = y + (height - self.block.height(pen, beside)) / 2
        self.block.place(pen, x + self.side + self.gap, top, beside)


@frozen
class Alone:
    """A sign by itself."""

    draw: Draw
    side: int

    def height(self, pen: Pen, width: int) -> int:
        return self.side

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        pen.sign(self.draw, x, y, self.side)


@frozen
class Named:
    """A name and the lines that belong to it, never parted: each part of what is higher than a page has the name."""

    name: Block
    lines: tuple[Block, ...]
    gap: int

    def height(self, pen: Pen, width: int) -> int:
        return self._stack.height(pen, width)

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        self._stack.place(pen, x, y, width)
        pen.together(x, y, width, self.height(pen, width))

    def divided(self, pen: Pen, width: int, room: int, later: int) -> "tuple[Named, ...]":
        """Return it as parts no higher than `room`, later `later`, as far as one line under the name is not."""
        parts: list[Named] = []
        here: tuple[Block, ...] = ()
        for line in self.lines:
            if here and replace(self, lines=(*here, line)).height(pen, width) > (later if parts else room):
                parts.append(replace(self, lines=here))
                here = ()
            here = (*here, line)
        return (*parts, replace(self, lines=here))

    @property
    def _stack(self) -> Stack:
        return Stack((self.name, *self.lines), self.gap)


@frozen
class ChainStep:
    """One step of the chain, and the line to the next one.

    `tie`: how far that is, or None at the last; under it the card may end: `ends`. `after`: at the head of a card the
    mark of the step before and how far the card's edge is, from which the line runs on. `more`: lines under its detail.
    """

    step: "ToldStep"
    tie: int | None
    ends: bool = False
    after: tuple[Mark, int] | None = None
    more: tuple[str, ...] = ()

    @property
    def under_way(self) -> bool:
        return self.step.mark not in {Mark.DONE, Mark.COMING}

    def height(self, pen: Pen, width: int) -> int:
        side, gap = self._measures(pen)
        return max(side, self._told(pen).height(pen, width - side - gap))

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        side, gap = self._measures(pen)
        palette = pen.theme.palette
        thick = pen.theme.px(6)
        middle = x + (side - thick) / 2
        if self.after is not None:
            mark, above = self.after
            pen.bar(middle, y - above, thick, above + side / 2, _line_after(mark, palette))
        if self.tie is not None:
            long = self.height(pen, width) + self.tie - (side / 2 if self.ends else 0)
            pen.bar(middle, y + side / 2, thick, long, _line_after(self.step.mark, palette))
        pen.sign(mark_sign(self.step.mark, palette), x, y, side)
        self._told(pen).place(pen, x + side + gap, y, width - side - gap)
        pen.together(x, y, width, self.height(pen, width))

    def _measures(self, pen: Pen) -> tuple[int, int]:
        return pen.theme.px(64), pen.theme.px(34)

    def _told(self, pen: Pen) -> Stack:
        palette = pen.theme.palette
        colours = {
            Mark.HERE: palette.green,
            Mark.RETURNED: palette.amber,
            Mark.REJECTED: palette.red,
            Mark.SUSPENDED: palette.blue,
        }
        title = Line(self.step.title, pen.theme.type(36, strong=True), colours.get(self.step.mark, palette.ink))
        details = (self.step.detail, *self.more)
        return Stack((title, *(Line(text, pen.theme.type(30), palette.soft) for text in details)))


def _line_after(mark: Mark, palette: Palette) -> Colour:
    return palette.green if mark is Mark.DONE else palette.line


@frozen
class Section:
    """A card whose rows may go on in another card when they do not all fit."""

    title: str | None
    rows: tuple[Block, ...]
    gap: int
    padding: int
    goes_on: bool = False
    """Whether its title stood on the page before: it does not stand again over a row that has a name."""

    def head(self, pen: Pen) -> Block | None:
        if self.goes_on and isinstance(self.rows[0], Named):
            return None
        return Line(self.title, pen.theme.type(40, strong=True), pen.theme.palette.ink) if self.title else None

    def inside(self, pen: Pen, width: int) -> int:
        """Return how much of its width its rows have."""
        return width - 2 * pen.theme.px(46)

    def height(self, pen: Pen, width: int) -> int:
        head = self.head(pen)
        blocks = (head, *self.rows) if head else self.rows
        return 2 * self.padding + Stack(blocks, self.gap).height(pen, self.inside(pen, width))

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        palette = pen.theme.palette
        side = pen.theme.px(46)
        pen.panel(x, y, width, self.height(pen, width), palette.card, palette.line, pen.theme.px(32))
        head = self.head(pen)
        blocks = (head, *self.rows) if head else self.rows
        if head:
            pen.together(x, y, width, self.padding + Stack(blocks[:2], self.gap).height(pen, width - 2 * side))
        Stack(blocks, self.gap).place(pen, x + side, y + self.padding, width - 2 * side)

    def rows_that_fit(self, room: int, width: int, pen: Pen) -> int:
        """Count the rows that a card of this height would hold, with the heading."""
        inside = self.inside(pen, width)
        head = self.head(pen)
        left = room - 2 * self.padding - (head.height(pen, inside) + self.gap if head else 0)
        for count, row in enumerate(self.rows):
            left -= row.height(pen, inside)
            if left < 0:
                return count
            left -= self.gap
        return len(self.rows)

    def first(self, count: int) -> "Section":
        rows = self.rows[:count]
        last = rows[-1] if count < len(self.rows) else None
        if isinstance(last, ChainStep):  # the line runs on as far as the card does
            rows = (*rows[:-1], replace(last, tie=self.padding, ends=True))
        return replace(self, rows=rows)

    def divided(self, room: int, width: int, pen: Pen, *, titled: bool) -> "Section":
        """Return it with its first row, which is higher than a card in this room can be, in parts where it has any.

        `titled`: its title stands over every part.
        """
        first, *others = self.rows
        if not isinstance(first, Named):
            return self
        inside = self.inside(pen, width)
        head = self.head(pen)
        whole = room - 2 * self.padding
        left = whole - (head.height(pen, inside) + self.gap if head else 0)
        return replace(self, rows=(*first.divided(pen, inside, left, left if titled else whole), *others))

    def rest(self, count: int) -> "Section":
        last, first, *others = self.rows[count - 1 :]
        if isinstance(last, ChainStep) and isinstance(first, ChainStep):
            first = replace(first, after=(last.step.mark, self.padding))
        return replace(self, rows=(first, *others))
