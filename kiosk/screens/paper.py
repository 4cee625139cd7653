"""A status receipt that was presented: what it is worth, what it says, and the way to the present state."""

from typing import Final

from central_api.contract.status import State
from kiosk.entry_state import CheckedPaper, PaperSays, PaperVerdict, ShowPaper
from kiosk.theme import Palette
from kiosk.visit_events import Event, FinishPressed, NumberChosen
from kiosk.visit_state import SCREEN_LANGUAGES

from .actions import Action, Send
from .board import Pen
from .message import Message, show
from .signs import Draw, ended, information, success

_DAY: Final = 86_400
_GOOD: Final = {PaperVerdict.GENUINE, PaperVerdict.LATEST}


def build(pen: Pen, state: ShowPaper, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    verdict = state.paper.verdict
    actions: list[Action[Event]] = [Action("finish", words("button.home"), FinishPressed())]
    now = words(f"paper.{verdict.value}.now")
    if state.can_ask:
        actions.insert(0, Action("number", words("button.present_state"), NumberChosen()))
        now = words("paper.ask_present")
    message = Message(
        _sign(verdict, palette),
        words(f"paper.{verdict.value}.title"),
        palette.ink if verdict is not PaperVerdict.ALTERED else palette.red,
        _says(pen, state.paper, state.paper.says) if state.paper.says is not None else (),
        (words(f"paper.{verdict.value}.means"),),
        (now,),
        actions=tuple(actions),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def _sign(verdict: PaperVerdict, palette: Palette) -> Draw:
    if verdict in _GOOD:
        return success(palette)
    return ended(palette) if verdict in {PaperVerdict.ALTERED, PaperVerdict.REVOKED} else information(palette)


def _says(pen: Pen, paper: CheckedPaper, says: PaperSays) -> tuple[str, ...]:
    """Whose paper, and what it says: the state, as of the day of its last change, and how long ago that is."""
    words = pen.words
    said = words("paper.says", state=words(f"paper.state.{says.state.name.lower()}"), date=words.date(says.when))
    if says.state is State.UNDER_REVIEW and says.step:
        said = f"{said} {words.counted('paper.steps', says.step)}"
    if paper.now is not None:
        days = max(0, paper.now - says.when) // _DAY
        said = f"{said} {words.counted('paper.age', days) if days else words('paper.age.today')}"
    return (f"{words('tracking_number')} {words.tracking(says.tracking)}", said)
