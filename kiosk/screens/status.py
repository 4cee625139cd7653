"""The answer: whose file, where it is, the chain, what is asked of the visitor, how old this is, what he can do."""

from typing import Final

from kiosk.account import Account, tell
from kiosk.list_state import AddSlipPressed, ListPressed
from kiosk.marks import Mark, Sign
from kiosk.theme import ANSWER_SIZES, USUAL, Colour
from kiosk.visit_events import Event, FinishPressed, PrintPressed
from kiosk.visit_state import CORE_LANGUAGES, ShowStatus

from .actions import Action, Send, language_height, place_actions, place_languages
from .blocks import Block, ChainStep, Heading, Line, Section, Signed, Stack
from .board import Board, Pen
from .fitting import Column, Page, fit
from .pages import Pages, page_bar_height
from .signs import answer_sign, cloud_cut

# Space between things, from roomy to tight: first less air, then more pages; type never shrinks.
_DENSITIES: Final = (1.0, 0.75, 0.5)
_LEAST_ROOM: Final = 0.3
"""Of the screen, for what comes under the answer, and of its width, for how old it is."""


def build(pen: Pen, state: ShowStatus, send: Send) -> None:
    """Draw the status on the pen's board."""
    theme = pen.theme
    account = tell(state.sheet, pen.words)
    below = place_actions(pen, _actions(account, state, pen), send)
    below = _foot(pen, account, below, send)
    left = theme.margin
    width = theme.width - 2 * theme.margin
    if theme.landscape:
        width = (width - theme.gap) // 2
    first = Board(theme)
    y = _head(pen.on(first), account, left, theme.margin, width)
    y = _answer(pen.on(first), account, left, y, width)
    if below - y < _LEAST_ROOM * theme.height:
        _in_pages(pen, account, first, below)
        return
    pen.board.add_widget(first)
    for density in _DENSITIES:
        sections = _sections(pen, account, density)
        gap = round(theme.gap * density)
        pages = fit(sections, _columns(pen, y + gap, below, width), gap, pen)
        if len(pages) == 1:
            break
    else:
        bar = page_bar_height(pen)
        gap = round(theme.gap * _DENSITIES[1])
        sections = _sections(pen, account, _DENSITIES[1])
        pages = fit(sections, _columns(pen, y + gap, below - bar - gap, width), gap, pen)
    pen.board.add_widget(Pages(pen, _boards(pen, pages), below - page_bar_height(pen)))


def _in_pages(pen: Pen, account: Account, first: Board, below: int) -> None:
    """Where letters are large, or the screen is low: the answer on a page of its own, and the rest on the next."""
    theme = pen.theme
    bar = page_bar_height(pen)
    column = Column(
        theme.margin, theme.margin, theme.width - 2 * theme.margin, below - bar - theme.px(16) - theme.margin
    )
    pages = fit(_sections(pen, account, _DENSITIES[-1]), (column,), theme.px(20), pen)
    pen.board.add_widget(Pages(pen, [first, *_boards(pen, pages)], below - bar))


def _boards(pen: Pen, pages: list[Page]) -> list[Board]:
    boards: list[Board] = []
    for page in pages:
        board = Board(pen.theme)
        for placed in page:
            placed.section.place(pen.on(board), placed.x, placed.y, placed.width)
        boards.append(board)
    return boards


def _columns(pen: Pen, top: int, bottom: int, width: int) -> tuple[Column, ...]:
    theme = pen.theme
    under_answer = Column(theme.margin, top, width, bottom - top)
    if not theme.landscape:
        return (under_answer,)
    beside = Column(theme.margin + width + theme.gap, theme.margin, width, bottom - theme.margin)
    return (beside, under_answer)


def _actions(account: Account, state: ShowStatus, pen: Pen) -> tuple[Action[Event], ...]:
    key = "button.print_list" if account.documents else "button.print"
    if not state.can_print:
        key = "button.show_code"
    beside: Action[Event] = Action("add", pen.words("button.add_slip"), AddSlipPressed(), spare=True)
    if state.listing is not None and len(state.listing.sheets) > 1:
        beside = Action("list", pen.words("button.list"), ListPressed())
    return (
        Action("print", pen.words(key), PrintPressed()),
        beside,
        Action("finish", pen.words("button.finish"), FinishPressed()),
    )


def _head(pen: Pen, account: Account, x: int, y: int, width: int) -> int:
    """Whose file: the service, and its number at the end of the line or under it."""
    theme, palette = pen.theme, pen.theme.palette
    label = pen.letter(pen.words("tracking_number"), theme.type(30))
    number = pen.letter(account.number, theme.type(36, strong=True))
    service = pen.letter(account.service, theme.type(36, strong=True))
    gap = theme.px(14)
    beside = label.width + gap + number.width
    line = max(service.height, number.height)
    if service.width + beside + theme.gap > width:
        service = pen.letter(account.service, theme.type(36, strong=True), width)
        pen.text(service, palette.ink, x, y)
        y, number_x = y + service.height, x
        if beside > width:  # large letters: the number on a line of its own
            pen.text(label, palette.soft, x, y)
            pen.text(number, palette.ink, x, y + label.height)
            return y + label.height + number.height + theme.px(20)
    else:
        pen.text(service, palette.ink, x, y)
        number_x = x + width - beside
    pen.text(label, palette.soft, number_x, y + (line - label.height) // 2)
    pen.text(number, palette.ink, number_x + label.width + gap, y)
    return y + line + theme.px(20)


def _answer(pen: Pen, account: Account, x: int, y: int, width: int) -> int:
    theme, palette = pen.theme, pen.theme.palette
    grounds: dict[Sign, tuple[Colour, Colour, Colour]] = {
        Sign.WAITING: (palette.green_ground, palette.green, palette.ink),
        Sign.RETURNED: (palette.amber_ground, palette.amber, palette.amber),
        Sign.REJECTED: (palette.red_ground, palette.red, palette.red),
        Sign.COMPLETED: (palette.green_ground, palette.green, palette.green),
    }
    ground, line, colour = grounds[account.sign]
    texts: list[Block] = [Line(account.label, theme.type(32), line)] if account.label else []
    texts.append(Heading(account.answer, ANSWER_SIZES, colour))
    texts += [Line(detail, theme.type(34), palette.ink) for detail in account.details]
    block = Signed(answer_sign(account.sign, palette), theme.px(140), theme.px(36), Stack(tuple(texts)))
    padding, side = theme.px(36), theme.px(46)
    height = block.height(pen, width - 2 * side) + 2 * padding
    pen.panel(x, y, width, height, ground, line, theme.px(36))
    block.place(pen, x + side, y + padding, width - 2 * side)
    return y + height


def _sections(pen: Pen, account: Account, density: float) -> list[Section]:
    """The chain first; but where something is asked of the visitor, that comes before it."""
    theme, palette, words = pen.theme, pen.theme.palette, pen.words
    padding, near = round(theme.px(38) * density), round(theme.px(14) * density)
    body, soft = theme.type(32), theme.type(30)
    chain_gap = round(theme.px(34) * density)
    last = len(account.steps) - 1
    steps = tuple(ChainStep(step, None if at == last else chain_gap) for at, step in enumerate(account.steps))
    chain = Section(None, steps, chain_gap, padding)
    asked_lines = tuple(Line(text, body, palette.ink) for text in account.asked)
    sections: list[Section] = []
    if account.documents:
        listed = tuple(
            Line(f"{words.number(at)}. {name}", theme.type(36, strong=True), palette.ink)
            for at, name in enumerate(account.documents, 1)
        )
        soft_lines = tuple(Line(text, soft, palette.soft) for text in account.asked)
        sections.append(Section(words("missing.title"), (*listed, *soft_lines), near, padding))
    else:
        sections.append(Section(words("asked.title"), asked_lines, near, padding))
    if account.reasons:
        lines = tuple(Line(text, body, palette.ink) for text in account.reasons)
        sections.append(Section(words("reasons.title"), lines, near, padding))
    sections += [
        Section(notice.title, tuple(Line(text, body, palette.ink) for text in notice.lines), near, padding)
        for notice in account.notices
    ]
    asks = any(step.mark is Mark.RETURNED for step in account.steps)
    return [*sections, chain] if asks else [chain, *sections]


def _foot(pen: Pen, account: Account, below: int, send: Send) -> int:
    """How old this is, and the other languages; returns the y that the screen's body must end above."""
    theme, palette = pen.theme, pen.theme.palette
    height = language_height(pen)
    top = below - theme.px(28) - height
    taken = place_languages(pen, top, send)
    room = theme.width - 2 * theme.margin - taken - theme.gap
    lines: list[Block] = [Line(account.age, theme.type(30), palette.soft)]
    if account.link_cut:
        lines.append(Line(pen.words("network.cut"), theme.type(30, strong=True), palette.ink))
    block: Block = Stack(tuple(lines))
    if account.link_cut:
        block = Signed(cloud_cut(palette.soft, palette.paper), theme.px(72), theme.px(18), block)
    if room < _LEAST_ROOM * theme.width and (theme.text > USUAL or pen.words.language in CORE_LANGUAGES):
        room = theme.width - 2 * theme.margin
        start = top - theme.px(16) - block.height(pen, room)
        block.place(pen, theme.margin, start, room)
        return start - theme.px(24)
    block_height = block.height(pen, room)
    start = min(top, top + height - block_height) if block_height > height else top + (height - block_height) // 2
    block.place(pen, theme.margin, start, room)
    return min(top, start) - theme.px(24)
