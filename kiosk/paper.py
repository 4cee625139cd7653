"""A strip of paper that is written from the top, for every paper that a terminal prints.

For 80 mm heads (576 or 512 dots at 203 dpi, 8 dots a millimetre). Blank rows and short lines cost a printer next to
nothing, so air is free and grey is not: everything is ink or paper.
"""

from typing import TYPE_CHECKING, Final

from devices.lettering import Align, Direction, Paragraph, Style
from devices.raster import Raster

from .marks import Mark
from .words import Words

if TYPE_CHECKING:
    from PIL.Image import Image

_MARGIN: Final = 20
_FIRST_ROWS: Final = 2400

SMALL: Final = Style(22, 400, 1.32)
BODY: Final = Style(24, 400, 1.32)
STRONG: Final = Style(25, 700, 1.32)
HEADING: Final = Style(26, 700, 1.32)
MINISTRY: Final = Style(32, 700, 1.32)
TITLE: Final = Style(36, 700, 1.32)
ANSWER: Final = Style(38, 700, 1.3)
NUMBER: Final = Style(44, 700, 1.2)
STYLES: Final = (SMALL, BODY, STRONG, HEADING, MINISTRY, TITLE, ANSWER, NUMBER)


class Paper:
    """A strip of paper that is written from the top. Lengths are dots; x counts from the side where reading starts."""

    def __init__(self, width: int, words: Words) -> None:
        from PIL import Image, ImageDraw

        self.words = words
        self.width = width
        self.room = width - 2 * _MARGIN
        self.y = 0
        self._image = Image.new("L", (width, _FIRST_ROWS))
        self._draw = ImageDraw.Draw(self._image)

    def raster(self) -> Raster:
        """Return what was written, cut below the last line."""
        from PIL.Image import Dither

        # Ink from coverage: what is half covered is a dot; a head knows no grey.
        written = self._image.crop((0, 0, self.width, self.y)).convert("1", dither=Dither.NONE)
        return Raster(self.width, self.y, written.tobytes())

    def letterhead(self, title: str, note: str) -> None:
        """Write whose paper this is, and what it is."""
        self.double_rule()
        self.skip(14)
        self.text(self.words("republic"), BODY, align=Align.CENTER)
        self.text(self.words("ministry"), MINISTRY, align=Align.CENTER)
        self.skip(10)
        self.short_rule()
        self.skip(10)
        self.text(title, TITLE, align=Align.CENTER)
        self.text(note, SMALL, align=Align.CENTER)

    def skip(self, rows: int) -> None:
        self.y += rows
        self._grow()

    def text(self, text: str, style: Style, *, indent: int = 0, align: Align = Align.START) -> None:
        from PIL import Image

        room = self.room - indent
        paragraph = Paragraph(text, style, self.words.direction, room, align)
        bleed = paragraph.bleed
        letters = Image.frombytes("L", (room, paragraph.height + 2 * bleed), paragraph.alpha(bleed))
        top = self.y
        self.skip(paragraph.height)
        # As ink, not as a patch: the marks of one line may reach into the next.
        self._image.paste(255, (self._left(indent, room), top - bleed), letters)

    def box(self, x: int, y: int, width: int, height: int) -> None:
        left = self._left(x, width)
        self._draw.rectangle((left, y, left + width - 1, y + height - 1), fill=255)

    def frame(self, x: int, y: int, width: int, height: int, line: int) -> None:
        left = self._left(x, width)
        self._draw.rounded_rectangle((left, y, left + width - 1, y + height - 1), 6, outline=255, width=line)

    def rule(self, thick: int) -> None:
        self.box(0, self.y, self.room, thick)
        self.skip(thick)

    def short_rule(self) -> None:
        self.box((self.room - 120) // 2, self.y, 120, 3)
        self.skip(3)

    def double_rule(self) -> None:
        self.rule(5)
        self.skip(4)
        self.rule(1)

    def mark(self, mark: Mark, x: int, y: int, side: int) -> None:
        """Draw the sign of one step: filled where something was done, open where it is to come."""
        left = self._left(x, side)
        circle = (left, y, left + side - 1, y + side - 1)
        match mark:
            case Mark.COMING:
                self._draw.ellipse(circle, outline=255, width=2)
            case Mark.HERE | Mark.SUSPENDED:
                self._draw.ellipse(circle, outline=255, width=8)
            case Mark.DONE | Mark.RETURNED | Mark.REJECTED:
                self._draw.ellipse(circle, fill=255)
                for line in _STROKES[mark]:
                    points = [(left + px * side / 30, y + py * side / 30) for px, py in line]
                    self._draw.line(points, fill=0, width=4, joint="curve")

    def code(self, code: Raster) -> None:
        """Set a QR code, with its quiet zone, in the middle. Raises ValueError where the paper is too narrow."""
        if code.width_dots > self.width:
            raise ValueError(f"a code of {code.width_dots} dots on paper of {self.width}")
        from PIL import Image

        ink = Image.frombytes("1", (code.width_dots, code.rows), code.data).convert("L")
        top = self.y
        self.skip(code.rows)
        self._image.paste(ink, ((self.width - code.width_dots) // 2 // 8 * 8, top))

    def _left(self, x: int, width: int) -> int:
        if self.words.direction is Direction.RTL:
            return self.width - _MARGIN - x - width
        return _MARGIN + x

    def _grow(self) -> None:
        """Take more paper from the roll, long before it ends."""
        if self.y < self._image.height - 600:
            return
        from PIL import ImageDraw

        longer: Image = self._image.crop((0, 0, self.width, self._image.height + _FIRST_ROWS))
        self._image = longer
        self._draw = ImageDraw.Draw(longer)


_STROKES: Final[dict[Mark, tuple[tuple[tuple[int, int], ...], ...]]] = {
    Mark.DONE: (((8, 15), (13, 20), (22, 10)),),
    Mark.REJECTED: (((9, 9), (20, 20)), ((20, 9), (9, 20))),
    Mark.RETURNED: (((9, 12), (18, 12), (21, 15), (21, 17), (18, 20), (13, 20)), ((13, 7), (8, 12), (13, 17))),
}
