"""The answer: whose file, where it is, the chain, what is asked of the visitor, how old this is, what he can do."""

from dataclasses import replace
from functools import partial

from kiosk.account import Account, tell
from kiosk.list_state import AddSlipPressed, ListPressed
from kiosk.marks import Sign
from kiosk.theme import USUAL, Colour, Theme
from kiosk.visit_events import Event, FinishPressed, PrintPressed
from kiosk.visit_state import ShowStatus

from .actions import Action, Send, place_actions
from .blocks import Block, ChainStep, Heading, Line, Named, Section, Signed, Stack
from .board import Pen
from .body import place_answer, place_answer_again, place_body
from .foot import place_foot
from .opening import Manner, Opening, card
from .rows import document_rows, place_rows
from .signs import answer_sign, cloud_cut


def build(pen: Pen, state: ShowStatus, send: Send) -> None:
    """Draw the status on the pen's board."""
    theme = pen.theme
    account = tell(state.sheet, pen.words)
    below = place_actions(pen, _actions(state, pen), send)
    below = _foot(pen, account, below, send, can_print=state.can_print)

    opening = Opening(
        whose=lambda pen, y, width: _head(pen, account, theme.margin, y, width),
        answer=lambda pen, y, width, manner: _answer(pen, account, manner, y, width),
        whose_apart=lambda density: _whose(pen, account, density),
        details_apart=partial(_details, pen, account) if account.details else None,
        details_matter=account.deadline is not None or account.sign is Sign.SUSPENDED,
    )

    def again(pen: Pen, width: int) -> int:
        return place_answer_again(pen, answer_sign(account.sign, theme.palette), account.answer, width)

    shorter = opening.shorter(pen)
    place_body(
        pen,
        opening.whole,
        lambda density: _sections(pen, account, density, can_print=state.can_print),
        below,
        shorter,
        again=again,
        tight=opening.tight,
    )


def _actions(state: ShowStatus, pen: Pen) -> tuple[Action[Event], ...]:
    key = "button.print" if state.can_print else "button.show_code"
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


def _whose(pen: Pen, account: Account, density: float) -> Section:
    """Whose file, as a card."""
    theme, palette = pen.theme, pen.theme.palette
    number = Named(
        Line(pen.words("tracking_number"), theme.type(30), palette.soft),
        (Line(account.number, theme.type(36, strong=True), palette.ink),),
        0,
    )
    rows = (Line(account.service, theme.type(36, strong=True), palette.ink), number)
    return card(pen, rows, density)


def _details(pen: Pen, account: Account, density: float, cards: list[Section]) -> list[Section]:
    """What stands under the answer: of the step under way with it in the chain, which has its date; else as a card."""
    if account.sign is Sign.WAITING:
        return [replace(one, rows=tuple(_told_in(row, account.details[1:]) for row in one.rows)) for one in cards]
    theme = pen.theme
    lines = tuple(Line(text, theme.type(34), theme.palette.ink) for text in account.details)
    return [card(pen, lines, density), *cards]


def _told_in(row: Block, more: tuple[str, ...]) -> Block:
    return replace(row, more=more) if isinstance(row, ChainStep) and row.under_way else row


def _answer(pen: Pen, account: Account, manner: Manner, y: int, width: int) -> int:
    theme, palette = pen.theme, pen.theme.palette
    grounds: dict[Sign, tuple[Colour, Colour, Colour]] = {
        Sign.WAITING: (palette.green_ground, palette.green, palette.ink),
        Sign.SUSPENDED: (palette.blue_ground, palette.blue, palette.ink),
        Sign.RETURNED: (palette.amber_ground, palette.amber, palette.amber),
        Sign.REJECTED: (palette.red_ground, palette.red, palette.red),
        Sign.COMPLETED: (palette.green_ground, palette.green, palette.green),
    }
    ground, line, colour = grounds[account.sign]
    texts: list[Block] = [Heading(account.answer, manner.sizes, colour)]
    details = account.details if manner.details else ()
    texts += [Line(detail, theme.type(34), palette.ink, even=True) for detail in details]
    told = Stack(tuple(texts))
    if account.label:  # the hamza and damma of «أُعيدت» reach above their line
        told = Stack((Line(account.label, theme.type(32), line), told), theme.px(12))
    sign, at = answer_sign(account.sign, palette), (theme.margin, y)
    return place_answer(pen, sign, told, (ground, line), at, width, tight=manner.tight)


def _sections(pen: Pen, account: Account, density: float, *, can_print: bool) -> list[Section]:
    """The chain first; but what is asked of the visitor, or why it ended and how to object, comes before it.

    In large letters the last says that nothing is printed: the foot of every page would take a line more.
    """
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
        soft_lines = tuple(Line(text, soft, palette.soft) for text in account.asked)
        rows = (*document_rows(pen, account.documents), *soft_lines)
        sections.append(Section(words("missing.title"), rows, near, padding))
    elif not account.objection:
        sections.append(Section(words("asked.title"), asked_lines, near, padding))
    if account.reasons:
        lines = tuple(Line(text, body, palette.ink) for text in account.reasons)
        sections.append(Section(words("reasons.title"), lines, near, padding))
    if account.objection:
        lines = tuple(Line(text, body, palette.ink) for text in account.objection)
        sections.append(Section(words("objection.title"), lines, near, padding))
    if account.place is not None:
        sections.append(Section(account.place_title, place_rows(pen, account.place, near), near, padding))
    sections += [
        Section(notice.title, tuple(Line(text, body, palette.ink) for text in notice.lines), near, padding)
        for notice in account.notices
    ]
    asks = account.sign in {Sign.RETURNED, Sign.REJECTED} or (account.sign is Sign.COMPLETED and theme.text > USUAL)
    told = [*sections, chain] if asks else [chain, *sections]
    if not can_print and theme.text > USUAL:
        told.append(Section(None, (Line(words("list.no_paper"), body, palette.ink),), near, padding))
    return told


def _foot(pen: Pen, account: Account, below: int, send: Send, *, can_print: bool) -> int:
    """How old this is, why no button prints it, and the other languages; returns the y that the body must end above."""

    def note(theme: Theme) -> Block:
        age: Block = Line(account.age, theme.type(30), theme.palette.soft)
        if account.link_cut:
            cut = Line(pen.words("network.cut"), theme.type(30, strong=True), theme.palette.ink)
            sign = cloud_cut(theme.palette.soft, theme.palette.paper)
            age = Signed(sign, theme.px(72), theme.px(18), Stack((age, cut)))
        if can_print or pen.theme.text > USUAL:
            return age
        return Stack((age, Line(pen.words("list.no_paper"), theme.type(30), theme.palette.ink)))

    return place_foot(pen, note, below, send)
