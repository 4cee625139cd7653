"""What one kind of request asks for: how many documents, which, the fees, the steps, where to hand them in."""

from devices.lettering import Direction
from kiosk.guide_events import WentBack
from kiosk.guide_state import ShowRequirements
from kiosk.requirements import ToldRequirements, tell_requirements
from kiosk.theme import Theme
from kiosk.visit_events import Event, FinishPressed, PrintPressed

from .actions import Action, Send, place_actions
from .blocks import Block, Heading, Line, Section, Stack
from .board import Pen
from .body import place_answer, place_answer_again, place_body
from .foot import place_foot
from .opening import Manner, Opening, card
from .rows import document_rows, place_rows
from .shapes import Draw
from .signs import clock, requirements_list


def build(pen: Pen, state: ShowRequirements, send: Send) -> None:
    """Draw the requirements on the pen's board."""
    words = pen.words
    told = tell_requirements(state.sheet, words)
    actions: list[Action[Event]] = [Action("back", words("button.return"), WentBack())]
    if state.can_print:
        actions.insert(0, Action("print", words("button.print_requirements"), PrintPressed()))
    actions.append(Action("finish", words("button.finish"), FinishPressed()))
    notes = [told.draft] if told.draft else []
    if not state.can_print:
        notes.append(words("list.no_paper"))

    def note(theme: Theme) -> Block:
        return Stack(tuple(Line(text, theme.type(30), theme.palette.soft) for text in notes))

    below = place_foot(pen, note if notes else None, place_actions(pen, tuple(actions), send), send)
    opening = Opening(
        whose=lambda pen, y, width: _service(pen, told, y, width),
        answer=lambda pen, y, width, manner: _answer(pen, told, manner, y, width),
        whose_apart=lambda density: _whose(pen, told, density),
        details_apart=lambda density, cards: [_usual(pen, told, density), *cards],
        whose_matters=True,  # whoever reads of a file holds its slip; nothing else here says which service it is
    )
    place_body(
        pen,
        opening.whole,
        lambda density: _sections(pen, told, density),
        below,
        opening.shorter(pen),
        again=lambda pen, width: place_answer_again(pen, _sign(pen, told), told.answer, width),
        tight=opening.tight,
    )


def _service(pen: Pen, told: ToldRequirements, y: int, width: int) -> int:
    theme = pen.theme
    service = pen.letter(told.service, theme.type(36, strong=True), width)
    pen.text(service, theme.palette.ink, theme.margin, y)
    return y + service.height + theme.px(20)


def _whose(pen: Pen, told: ToldRequirements, density: float) -> Section:
    """Return the service as a card."""
    theme = pen.theme
    line = Line(told.service, theme.type(36, strong=True), theme.palette.ink)
    return card(pen, (line,), density)


def _sign(pen: Pen, told: ToldRequirements) -> Draw:
    return clock(pen.theme.palette) if told.waits else requirements_list(pen.theme.palette)


def _answer(pen: Pen, told: ToldRequirements, manner: Manner, y: int, width: int) -> int:
    theme, palette = pen.theme, pen.theme.palette
    texts: list[Block] = [Heading(told.answer, manner.sizes, palette.ink)]
    if told.usual and manner.details:
        texts.append(Line(told.usual, theme.type(34), palette.ink, even=True))
    colours = (palette.blue_ground, palette.blue) if told.waits else (palette.green_ground, palette.green)
    at = (theme.margin, y)
    return place_answer(pen, _sign(pen, told), Stack(tuple(texts)), colours, at, width, tight=manner.tight)


def _usual(pen: Pen, told: ToldRequirements, density: float) -> Section:
    """Return how long it takes as a card, where the head has no room for it."""
    theme = pen.theme
    line = Line(told.usual, theme.type(34), theme.palette.ink)
    return card(pen, (line,), density)


def _sections(pen: Pen, told: ToldRequirements, density: float) -> list[Section]:
    theme, palette, words = pen.theme, pen.theme.palette, pen.words
    padding, near = round(theme.px(38) * density), round(theme.px(14) * density)
    body = theme.type(32)
    sections: list[Section] = []
    if told.documents:
        sections.append(
            Section(words("requirements.documents"), document_rows(pen, told.documents), near + theme.px(8), padding)
        )
    amounts = tuple(amount for _, amount in told.fees.lines)
    fees = tuple(
        _Fee(what, amount, amounts) if amount else Line(what, body, palette.ink) for what, amount in told.fees.lines
    )
    sections.append(Section(told.fees.title, fees, near, padding))
    if told.steps:
        steps = tuple(Line(f"{words.number(at)}. {text}", body, palette.ink) for at, text in enumerate(told.steps, 1))
        sections.append(Section(words("requirements.steps"), steps, near, padding))
    if told.place is not None:
        sections.append(Section(words("place.title"), place_rows(pen, told.place, near), near, padding))
    return sections


class _Fee:
    """What a fee is for, and the amount at the end of its line, or under it where both do not fit.

    Amounts stand with their last digits under each other: read from the right, with their beginnings.
    """

    def __init__(self, what: str, amount: str, amounts: tuple[str, ...]) -> None:
        self._what = what
        self._amount = amount
        self._amounts = amounts

    def height(self, pen: Pen, width: int) -> int:
        what, amount, beside = self._letter(pen, width)
        return max(what, amount) if beside else what + amount

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        theme, palette = pen.theme, pen.theme.palette
        high, _, beside = self._letter(pen, width)
        pen.text(pen.letter(self._what, theme.type(32), width), palette.ink, x, y)
        amount = pen.letter(self._amount, theme.type(32, strong=True))
        if beside:
            column = self._column(pen) if pen.words.direction is Direction.RTL else amount.width
            pen.text(amount, palette.ink, x + width - column, y)
        else:
            pen.text(amount, palette.ink, x, y + high)

    def _column(self, pen: Pen) -> int:
        style = pen.theme.type(32, strong=True)
        return max(pen.letter(amount, style).width for amount in self._amounts)

    def _letter(self, pen: Pen, width: int) -> tuple[int, int, bool]:
        theme = pen.theme
        alone = pen.letter(self._what, theme.type(32))
        amount = pen.letter(self._amount, theme.type(32, strong=True))
        beside = alone.width + self._column(pen) + theme.gap <= width
        return pen.letter(self._what, theme.type(32), width).height, amount.height, beside
