"""What one kind of request asks for, on paper to take home: a box to tick before each document."""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from devices.lettering import Align, Paragraph, isolate
from devices.raster import Raster

from . import receipts
from .guide_state import Requirements
from .paper import ANSWER, BODY, HEADING, SMALL, STRONG, STYLES, Paper
from .paper_parts import write_documents, write_place
from .requirements import ToldRequirements, tell_requirements
from .words import words_of

if TYPE_CHECKING:
    from .list_state import Listing
    from .receipts import PrintedAt
    from .visit_state import ScreenLanguage, Sheet


@cache
def prepare(language: "ScreenLanguage") -> None:
    """Make ready what a first paper would wait for, for a tenth of a second: what it imports, and its letters."""
    import_module("PIL.ImageDraw")
    import_module("qrcode.main")
    words = words_of(language)
    for style in STYLES:
        for key in ("paper.title", "paper.proof", "republic"):
            Paragraph(f"{words(key)} {words.code('0123456789')}", style, words.direction).alpha()


def lay_out_any(
    sheet: "Sheet | Listing | Requirements",
    language: "ScreenLanguage",
    *,
    width_dots: int,
    terminal: str,
    printed_at: "PrintedAt",
) -> Raster:
    """Lay out whatever a visitor may print; raises ValueError as `receipts.lay_out`."""
    if isinstance(sheet, Requirements):
        return lay_out(sheet, language, width_dots=width_dots, terminal=terminal, printed_at=printed_at)
    return receipts.lay_out(sheet, language, width_dots=width_dots, terminal=terminal, printed_at=printed_at)


def lay_out(
    sheet: Requirements, language: "ScreenLanguage", *, width_dots: int, terminal: str, printed_at: "PrintedAt"
) -> Raster:
    """Lay out what a kind of request asks for, on paper of `width_dots` (576 or 512), as long as it needs."""
    words = words_of(language)
    told = tell_requirements(sheet, words)
    paper = Paper(width_dots, words)
    paper.letterhead(words("requirements.paper"), told.draft or words("paper.not_payment"))
    paper.skip(16)
    paper.rule(2)
    paper.skip(14)
    paper.text(told.service, ANSWER, align=Align.CENTER)
    paper.skip(14)
    paper.rule(2)
    paper.skip(18)
    if told.waits:
        paper.text(told.answer, HEADING)
        paper.skip(12)
    if told.documents:
        write_documents(paper, words("requirements.documents"), told.documents)
    elif not told.waits:
        paper.text(told.answer, HEADING)
    _fees(paper, told)
    _steps(paper, told)
    if told.place is not None:
        paper.skip(14)
        write_place(paper, words("place.title"), told.place)
    paper.skip(14)
    paper.rule(1)
    paper.skip(8)
    paper.text(told.edition, SMALL, align=Align.CENTER)
    receipts.write_foot(paper, terminal, printed_at)
    return paper.raster()


def _fees(paper: Paper, told: ToldRequirements) -> None:
    paper.skip(14)
    paper.text(told.fees.title, HEADING)
    for what, amount in told.fees.lines:
        paper.text(f"{isolate(what)} · {isolate(amount)}" if amount else what, BODY)


def _steps(paper: Paper, told: ToldRequirements) -> None:
    paper.skip(14)
    if told.steps:
        paper.text(paper.words("requirements.steps"), HEADING)
    for at, step in enumerate(told.steps, 1):
        top = paper.y
        paper.text(step, BODY, indent=44)
        below, paper.y = paper.y, top
        paper.text(f"{paper.words.number(at)}.", STRONG)
        paper.y = below
        paper.skip(4)
    paper.text(told.usual, BODY)
