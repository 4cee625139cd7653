"""The paper a visitor takes home: the same account as the screen, in black, with the office's signed code.

Laid out for 80 mm heads (576 or 512 dots at 203 dpi, 8 dots a millimetre). Blank rows and short lines cost a printer
next to nothing, so air is free and grey is not: everything is ink or paper.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from devices import qr
from devices.lettering import Align, Direction, Paragraph, Style, isolate
from devices.raster import Raster

from .account import Account, ToldStep, tell
from .marks import Mark
from .words import Words, words_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from .visit_state import ScreenLanguage, Sheet

MODULE_DOTS: Final = 6
_MASK: Final = 3
_MARGIN: Final = 20
_FIRST_ROWS: Final = 2400
_INK: Final = [0] * 128 + [255] * 128
"""Ink from coverage: what is half covered is a dot; a head knows no grey."""

_SMALL: Final = Style(22, 400, 1.32)
_BODY: Final = Style(24, 400, 1.32)
_STRONG: Final = Style(25, 700, 1.32)
_HEADING: Final = Style(26, 700, 1.32)
_MINISTRY: Final = Style(32, 700, 1.32)
_TITLE: Final = Style(36, 700, 1.32)
_ANSWER: Final = Style(38, 700, 1.3)
_NUMBER: Final = Style(44, 700, 1.2)


@dataclass(frozen=True, slots=True)
class PrintedAt:
    """When the paper was printed: seconds since 1970 (UTC). Not trusted: the paper says that the time is unverified."""

    seconds: int
    trusted: bool


def lay_out(
    sheet: "Sheet", language: "ScreenLanguage", *, width_dots: int, terminal: str, printed_at: PrintedAt
) -> Raster:
    """Lay a sheet out as paper of `width_dots` (576 or 512), as long as it needs.

    Raises ValueError where the paper is too narrow for the receipt's code with its quiet zone.
    """
    words = words_of(language)
    account = tell(sheet, words, lasting=True)
    paper = _Paper(width_dots, words)
    _head(paper, account)
    _answer(paper, account)
    _chain(paper, account)
    _asked(paper, account)
    _facts(paper, account)
    _proof(paper, sheet.receipt_url, account, terminal, printed_at)
    return paper.raster()


def _head(paper: "_Paper", account: Account) -> None:
    words = paper.words
    paper.double_rule()
    paper.skip(14)
    paper.text(words("republic"), _BODY, align=Align.CENTER)
    paper.text(words("ministry"), _MINISTRY, align=Align.CENTER)
    paper.skip(10)
    paper.short_rule()
    paper.skip(10)
    paper.text(words("paper.title"), _TITLE, align=Align.CENTER)
    paper.text(words("paper.not_payment"), _SMALL, align=Align.CENTER)
    paper.skip(16)
    paper.rule(2)
    paper.skip(14)
    paper.text(account.service, _HEADING, align=Align.CENTER)
    paper.text(words("tracking_number"), _SMALL, align=Align.CENTER)
    paper.text(account.number, _NUMBER, align=Align.CENTER)
    paper.skip(14)
    paper.rule(2)


def _answer(paper: "_Paper", account: Account) -> None:
    """The one sentence, under a bar that draws the eye to it."""
    paper.skip(18)
    paper.box(0, paper.y, 96, 7)
    paper.skip(9)
    if account.label:
        paper.text(account.label, _BODY)
    paper.text(account.answer, _ANSWER)
    for detail in account.details:
        paper.text(detail, _BODY)
    paper.skip(20)


def _chain(paper: "_Paper", account: Account) -> None:
    paper.text(paper.words("chain.title"), _HEADING)
    paper.skip(8)
    for at, step in enumerate(account.steps):
        _step(paper, step, tied=at < len(account.steps) - 1)


def _step(paper: "_Paper", step: ToldStep, *, tied: bool) -> None:
    side, indent, top = 30, 48, paper.y
    paper.text(step.title, _STRONG, indent=indent)
    paper.text(step.detail, _SMALL, indent=indent)
    paper.skip(10)
    if tied:
        # Beside the lettering only: rows between lines stay blank, and a printer skips those.
        paper.box(side // 2 - 1, top + side + 8, 3, 22)
    paper.mark(step.mark, 0, top + 3, side)


def _asked(paper: "_Paper", account: Account) -> None:
    words = paper.words
    paper.skip(12)
    paper.rule(1)
    paper.skip(14)
    if account.documents:
        paper.text(words("missing.title"), _HEADING)
        paper.skip(6)
        for document in account.documents:
            top = paper.y
            paper.text(document, _STRONG, indent=44)
            paper.frame(0, top + 4, 26, 26, 3)
            paper.skip(6)
    else:
        paper.text(words("asked.title"), _HEADING)
    for line in account.asked:
        paper.text(line, _BODY)
    if account.deadline is not None:
        paper.skip(12)
        top = paper.y
        paper.skip(8)
        paper.text(words("paper.deadline"), _BODY, align=Align.CENTER)
        paper.text(account.deadline, _ANSWER, align=Align.CENTER)
        paper.skip(6)
        paper.frame(0, top, paper.room, paper.y - top, 3)
    if account.reasons:
        paper.skip(14)
        paper.text(words("reasons.title"), _HEADING)
        for reason in account.reasons:
            paper.text(reason, _BODY)
    for notice in account.notices:
        paper.skip(14)
        paper.text(notice.title, _HEADING)
        for line in notice.lines:
            paper.text(line, _BODY)


def _facts(paper: "_Paper", account: Account) -> None:
    """How old this is."""
    paper.skip(14)
    paper.rule(1)
    paper.skip(12)
    paper.text(account.age, _BODY)
    if account.link_cut:
        paper.text(paper.words("paper.offline"), _BODY)


def _proof(paper: "_Paper", receipt_url: str, account: Account, terminal: str, printed_at: PrintedAt) -> None:
    words = paper.words
    key = "paper.printed" if printed_at.trusted else "paper.printed_unverified"
    printed = words(key, date=words.date(printed_at.seconds), time=words.time(printed_at.seconds))
    paper.skip(8)
    paper.code(qr.raster(receipt_url, MODULE_DOTS, mask=_MASK))
    paper.text(account.as_of, _STRONG, align=Align.CENTER)
    paper.text(words("paper.proof"), _SMALL, align=Align.CENTER)
    paper.skip(12)
    paper.rule(1)
    paper.skip(8)
    place = isolate(words("terminal", name=words.code(terminal)))
    paper.text(f"{isolate(printed)} · {place}", _SMALL, align=Align.CENTER)
    paper.skip(10)
    paper.double_rule()


class _Paper:
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
        written = self._image.crop((0, 0, self.width, self.y))
        return Raster(self.width, self.y, written.point(_INK, "1").tobytes())

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
        from PIL import ImageChops

        ink = ImageChops.invert(code.to_image().convert("L"))
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
