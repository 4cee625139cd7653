"""Why a slip shows no status: what happened, what still works, what to do now."""

from kiosk.visit_events import Event, FinishPressed, NumberChosen
from kiosk.visit_state import SCREEN_LANGUAGES, Problem, ProblemKind

from .actions import Action, Send
from .board import Pen
from .message import Message, show
from .signs import cloud_cut, ended, information


def build(pen: Pen, state: Problem, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    key = f"problem.{state.kind.value}"
    sign = information(palette)
    if state.kind is ProblemKind.UNREACHABLE:
        sign = cloud_cut(palette.soft, palette.paper)
    elif state.kind in {ProblemKind.DAMAGED, ProblemKind.UNREADABLE}:
        sign = ended(palette)
    actions: list[Action[Event]] = [Action("finish", words("button.home"), FinishPressed())]
    if state.number:
        key = "problem.creased"
        actions.insert(0, Action("number", words("button.enter_number"), NumberChosen()))
    message = Message(
        sign,
        words(f"{key}.title"),
        palette.ink,
        (),
        (words(f"{key}.still"),),
        (words(f"{key}.now"),),
        actions=tuple(actions),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)
