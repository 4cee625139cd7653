"""The print failed: why, what to think of paper that came out, and the signed receipt as a code on the screen."""

from kiosk.guide_events import WentBack
from kiosk.guide_state import Requirements
from kiosk.list_state import Listing, ListPressed
from kiosk.visit_events import Event, FinishPressed, PrintPressed
from kiosk.visit_state import SCREEN_LANGUAGES, NotPrinted, PrinterProblem, Sheet, paper_of
from kiosk.words import Words

from .actions import Action, Send
from .board import Pen
from .message import Message, show
from .printing import name_paper
from .signs import ended


def build(pen: Pen, state: NotPrinted, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    actions: list[Action[Event]] = [Action("finish", words("button.finish"), FinishPressed())]
    if state.can_print:
        actions.insert(0, Action("print", words("button.again"), PrintPressed()))
    if state.listing is not None:
        actions.insert(len(actions) - 1, Action("list", words("button.list"), ListPressed()))
    still = [words("not_printed.unaffected")]
    if isinstance(state.sheet, Requirements):  # it is of nobody's file
        still = []
        actions.insert(len(actions) - 1, Action("back", words("button.return"), WentBack()))
    code = state.sheet.receipt_url if isinstance(state.sheet, Sheet) else None
    if state.cut_off:
        still.insert(0, words("not_printed.cut_off"))
    title = name_paper("not_printed.title", paper_of(state.sheet), words)
    if state.why is PrinterProblem.SILENT:  # nobody knows what came out
        title = words("not_printed.unsure")
    message = Message(
        ended(palette),
        title,
        palette.amber,
        () if state.mended else (words(f"not_printed.{state.why.value}"),),
        tuple(still),
        _now(state, words),
        code=code,
        coming=words("not_printed.coming"),
        actions=tuple(actions),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def _now(state: NotPrinted, words: Words) -> tuple[str, ...]:
    """Say what stands in for the paper."""
    match state.sheet:
        case Sheet():
            return (words("not_printed.code"),)
        case Listing():
            return (words("not_printed.list"),)
        case Requirements():
            return (words("not_printed.requirements"),)
