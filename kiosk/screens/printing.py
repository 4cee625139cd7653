"""The paper: on its way, printed, or sent to a printer that does not tell."""

from kiosk.list_state import ListPressed
from kiosk.visit_events import AnswerJudged, Event, FinishPressed
from kiosk.visit_state import SCREEN_LANGUAGES, PaperKind, Printed, Printing, SentToPrinter
from kiosk.words import Words

from .actions import Action, Send
from .board import Pen
from .message import Message, show
from .signs import printer, success


def build_printing(pen: Pen, state: Printing, send: Send) -> None:
    """The languages are those of the screen: the paper comes out in the one it was asked for in."""
    palette, words = pen.theme.palette, pen.words
    message = Message(
        printer(palette),
        words("printing.title"),
        palette.ink,
        (words("printing.text"),),
        progress=state.progress,
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def build_printed(pen: Pen, state: Printed, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    message = Message(
        success(palette),
        name_paper("printed.title", state.paper, words),
        palette.green,
        (_take(state, words), *_question(state, words)),
        actions=_actions(state, words),
        asks="".join(_question(state, words)),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def build_sent(pen: Pen, state: SentToPrinter, send: Send) -> None:
    """Not the sign of success: nobody knows that the paper came out."""
    palette, words = pen.theme.palette, pen.words
    message = Message(
        printer(palette),
        name_paper("sent.title", state.paper, words),
        palette.ink,
        (words("sent.text"), *_question(state, words)),
        actions=_actions(state, words),
        asks="".join(_question(state, words)),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def name_paper(key: str, paper: PaperKind, words: Words) -> str:
    """Return what became of a paper, by the name by which it was asked for."""
    return words(key if paper is PaperKind.RECEIPT else f"{key}.{paper.value}")


def _take(state: Printed, words: Words) -> str:
    return words("printed.text.requirements" if state.paper is PaperKind.REQUIREMENTS else "printed.text")


def _actions(state: Printed | SentToPrinter, words: Words) -> tuple[Action[Event], ...]:
    """Who has a list goes back to it; the others are asked, once, whether they found their answer, and go."""
    finish: Action[Event] = Action("finish", words("button.finish"), FinishPressed())
    if state.listing is not None:
        return (Action("list", words("button.list"), ListPressed()), finish)
    if state.found is not None:
        return (finish,)
    yes = Action("found", words("button.yes"), AnswerJudged(True), spare=True)
    no = Action("not_found", words("button.no"), AnswerJudged(False), spare=True)
    return (finish, yes, no)


def _question(state: Printed | SentToPrinter, words: Words) -> tuple[str, ...]:
    if state.listing is not None:
        return ()
    return (words("found.question" if state.found is None else "found.thanks"),)
