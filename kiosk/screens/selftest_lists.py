"""The parts of the terminal in a list: as they are tested, and what was found, with what to do next."""

from collections.abc import Callable
from functools import partial
from typing import Final

from central_api.contract.readiness import Outcome, Part
from kiosk import selftest_state as states
from kiosk.marks import Mark
from kiosk.selftest.findings import Finding
from kiosk.selftest.papers import MARKS, verdict
from kiosk.selftest.saying import outcome_name, part_name, said
from kiosk.text import Lettered
from kiosk.theme import ANSWER_SIZES, USUAL, Colour, Palette
from kiosk.visit_events import LanguageChosen

from ..frozen import frozen
from .actions import Action, place_actions, place_every_language
from .blocks import Block, Heading, Line, Named, Section, Signed, Stack
from .board import Pen
from .fitting import Column, Page, all_above, draw_page, fit
from .pages import Pages, page_bar_height
from .shapes import Draw
from .signs import mark_sign, ring

Send = Callable[[states.SelfTestEvent], None]

_DENSITIES: Final = (1.0, 0.7, 0.4)
_WORST_FIRST: Final = (Outcome.FAILED, Outcome.CANNOT_TELL, Outcome.PASSED, Outcome.NOT_PRESENT)


def build_overview(pen: Pen, state: states.Overview, send: Send) -> None:
    words, theme, palette = pen.words, pen.theme, pen.theme.palette
    leave = Action("leave", words("selftest.button.leave"), states.LeavePressed())
    begin = Action("begin", words("selftest.button.begin"), states.BeginPressed())
    below = place_actions(pen, (leave,) if state.begun else (begin, leave), send)
    head = Stack(
        (
            Heading(words("selftest.title"), ANSWER_SIZES, palette.ink),
            Line(words("selftest.finishing" if state.begun else "selftest.hands"), theme.type(34), palette.soft),
        )
    )
    rows = tuple(_told_row(pen, part, found) for part, found in state.rows)
    place_list(pen, head, rows, below, send)


def build_ended(pen: Pen, state: states.Ended, send: Send) -> None:
    """What needs hands first."""
    words, theme, palette = pen.words, pen.theme, pen.theme.palette
    actions = (
        Action("leave", words("selftest.button.leave"), states.LeavePressed()),
        Action("again", words("selftest.button.again"), states.BeginPressed()),
    )
    below = place_actions(pen, actions, send)
    outcomes = {finding.outcome for finding in state.findings.values()}
    colour = palette.ink if Outcome.CANNOT_TELL in outcomes else palette.green
    if Outcome.FAILED in outcomes:
        colour = palette.red
    lines: list[Block] = [Heading(verdict(state.findings, words), ANSWER_SIZES, colour)]
    for key, what in (("slip", state.slip.value), ("sending", state.sending.value)):
        if what != states.Slip.NONE.value:
            lines.append(Line(words(f"selftest.{key}.{what}"), theme.type(34), palette.ink))
    found = sorted(state.findings.values(), key=lambda one: (_WORST_FIRST.index(one.outcome), one.part))
    place_list(pen, Stack(tuple(lines)), tuple(_found_row(pen, finding) for finding in found), below, send)


def place_list(
    pen: Pen, head: Block, rows: tuple[Block, ...], below: int, send: Callable[[LanguageChosen], None]
) -> None:
    """Set the head, the list, if it has rows, in as many columns and pages as it needs, and the languages."""
    theme = pen.theme
    below = place_every_language(pen, below, send) - theme.px(24)
    width = theme.width - 2 * theme.margin
    if not rows:
        head.place(pen, theme.margin, theme.margin, width)
        return
    top = theme.margin + head.height(pen, width) + theme.px(24)
    for density in _DENSITIES:
        section = Section(None, rows, round(theme.px(26) * density), round(theme.px(36) * density))
        pages = fit([section], _columns(pen, top, below), theme.gap, pen)
        if len(pages) == 1 and (theme.text == USUAL or all_above(below, pages, pen)):
            break
    else:
        if theme.text > USUAL:
            _place_large(pen, head, rows, top, below)
            return
        section = Section(None, rows, theme.px(16), theme.px(24))
        pages = fit([section], _columns(pen, top, below - page_bar_height(pen) - theme.px(16)), theme.gap, pen)
    head.place(pen, theme.margin, theme.margin, width)
    drawn = [partial(draw_page, page) for page in pages]
    pen.board.add_widget(Pages(pen, drawn, below - page_bar_height(pen)))


def _place_large(pen: Pen, head: Block, rows: tuple[Block, ...], top: int, below: int) -> None:
    """Set the list in one column, the head on the first page; no row goes on without its name on the next."""
    theme = pen.theme
    whole = tuple(row.named(pen) if isinstance(row, Row) else row for row in rows)
    section = Section(None, whole, theme.px(10), theme.px(14))
    x, width, start = theme.margin, theme.width - 2 * theme.margin, theme.margin // 2
    bottom = below - page_bar_height(pen) - theme.px(16)
    under, later = (Column(x, y, width, bottom - y) for y in (top, start))
    pages = fit([section], (under,), theme.gap, pen, (later,), filled=True)
    if not pages[0]:  # rather the first row is told in two than that the title stands alone
        section = section.divided(under.height, width, pen, titled=False)
        pages = fit([section], (under,), theme.gap, pen, (later,), filled=True)

    def draw(page: Page, pen: Pen) -> None:
        if page is pages[0]:
            head.place(pen, x, theme.margin, width)
        draw_page(page, pen)

    pen.board.add_widget(Pages(pen, [partial(draw, page) for page in pages], below - page_bar_height(pen)))


def _columns(pen: Pen, top: int, bottom: int) -> tuple[Column, ...]:
    theme = pen.theme
    width = theme.width - 2 * theme.margin
    if not theme.landscape:
        return (Column(theme.margin, top, width, bottom - top),)
    half = (width - theme.gap) // 2
    return (
        Column(theme.margin, top, half, bottom - top),
        Column(theme.margin + half + theme.gap, top, half, bottom - top),
    )


def _told_row(pen: Pen, part: Part, found: Finding | states.Progress) -> Block:
    words = pen.words
    if isinstance(found, states.Progress):
        running = found is states.Progress.RUNNING
        sign = mark_sign(Mark.HERE if running else Mark.COMING, pen.theme.palette)
        return Row(sign, part_name(part, words), words(f"selftest.state.{found.value}"), pen.theme.palette.soft)
    return Row(
        _sign(pen.theme.palette, found.outcome),
        part_name(part, words),
        outcome_name(found, words),
        _colour(pen.theme.palette, found.outcome),
    )


def _found_row(pen: Pen, finding: Finding) -> Block:
    theme, palette, words = pen.theme, pen.theme.palette, pen.words
    return Row(
        _sign(palette, finding.outcome),
        part_name(finding.part, words),
        outcome_name(finding, words),
        _colour(palette, finding.outcome),
        (Line(said(finding, words), theme.type(30), palette.soft),),
    )


@frozen
class Row:
    """The sign, the part's name, its state at the end of the line; under them what was found."""

    draw: Draw
    name: str
    told: str
    colour: Colour
    said: tuple[Block, ...] = ()

    def height(self, pen: Pen, width: int) -> int:
        return self._block(pen).height(pen, width)

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        self._block(pen).place(pen, x, y, width)

    def named(self, pen: Pen) -> Named:
        """Return it as large letters need it: what was found stands under its name on every page."""
        title = _Ends(self.name, self.told, self.colour)
        return Named(Signed(self.draw, pen.theme.px(54), pen.theme.px(26), title), self.said, 0)

    def _block(self, pen: Pen) -> Block:
        theme = pen.theme
        title = _Ends(self.name, self.told, self.colour)
        return Signed(self.draw, theme.px(54), theme.px(26), Stack((title, *self.said)) if self.said else title)


@frozen
class _Ends:
    """A name where the line starts, a word where it ends; under each other where they do not fit."""

    name: str
    told: str
    colour: Colour

    def height(self, pen: Pen, width: int) -> int:
        name, told = self._lettered(pen)
        return name.height if self._beside(pen, width) else name.height + told.height

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        name, told = self._lettered(pen)
        pen.text(name, pen.theme.palette.ink, x, y)
        if self._beside(pen, width):
            pen.text(told, self.colour, x + width - told.width, y + (name.height - told.height) / 2)
        else:
            pen.text(told, self.colour, x, y + name.height)

    def _beside(self, pen: Pen, width: int) -> bool:
        name, told = self._lettered(pen)
        return name.width + pen.theme.px(24) + told.width <= width

    def _lettered(self, pen: Pen) -> tuple[Lettered, Lettered]:
        theme = pen.theme
        return pen.letter(self.name, theme.type(36, strong=True)), pen.letter(self.told, theme.type(32))


def _sign(palette: Palette, outcome: Outcome) -> Draw:
    if outcome in {Outcome.NOT_PRESENT, Outcome.CANNOT_TELL}:
        return ring(palette.edge if outcome is Outcome.NOT_PRESENT else palette.amber, palette.card, 0.2)
    return mark_sign(MARKS[outcome], palette)


def _colour(palette: Palette, outcome: Outcome) -> Colour:
    return {
        Outcome.PASSED: palette.green,
        Outcome.FAILED: palette.red,
        Outcome.CANNOT_TELL: palette.amber,
        Outcome.NOT_PRESENT: palette.soft,
    }[outcome]
