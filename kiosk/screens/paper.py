"""A status receipt that was presented: what it is worth, what it says, and the way to the present state."""

from typing import Final

from central_api.contract.status import State
from devices.lettering import isolate
from kiosk.entry_state import CheckedPaper, PaperSays, PaperVerdict, ShowPaper
from kiosk.theme import Colour, Palette
from kiosk.visit_events import Event, FinishPressed, NumberChosen
from kiosk.visit_state import SCREEN_LANGUAGES
from kiosk.words import day_of

from .actions import Action, Send
from .board import Pen
from .message import Message, show
from .signs import Draw, ended, information, not_ours, success

_GOOD: Final = {PaperVerdict.GENUINE, PaperVerdict.LATEST}
_TO_THE_DESK: Final = {PaperVerdict.REVOKED, PaperVerdict.INCOMPLETE, PaperVerdict.UNCONFIRMED}


def build(pen: Pen, state: ShowPaper, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    verdict = state.paper.verdict
    actions: list[Action[Event]] = [Action("finish", words("button.home"), FinishPressed())]
    now = words(f"paper.{verdict.value}.now")
    if state.can_ask:
        newest = verdict is PaperVerdict.LATEST
        button, now = ("details", "ask_details") if newest else ("present_state", "ask_present")
        actions.insert(0, Action("number", words(f"button.{button}"), NumberChosen()))
        now = words(f"paper.{now}")
    sign, colour = _sign(verdict, palette)
    message = Message(
        sign,
        words(f"paper.{verdict.value}.title"),
        colour,
        _says(pen, state.paper, state.paper.says) if state.paper.says is not None else (),
        (words(f"paper.{verdict.value}.means"),),
        (now,),
        actions=tuple(actions),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def _sign(verdict: PaperVerdict, palette: Palette) -> tuple[Draw, Colour]:
    """Return the sign, and the colour of the title beside it: red only where the signature itself fails."""
    if verdict in _GOOD:
        return success(palette), palette.ink
    if verdict is PaperVerdict.ALTERED:
        return not_ours(palette), palette.red
    return (ended(palette), palette.amber) if verdict in _TO_THE_DESK else (information(palette), palette.ink)


def _says(pen: Pen, paper: CheckedPaper, says: PaperSays) -> tuple[str, ...]:
    """Whose paper, and what it says: the state, as of the day of its last change, and how long ago that is."""
    words = pen.words
    state, date = words(f"paper.state.{says.state.name.lower()}"), words.date(says.when)
    if paper.now is None:
        said = words("paper.says", state=state, date=date)
    else:
        days = max(0, day_of(paper.now) - day_of(says.when))
        age = words.counted("paper.age", days) if days else words("paper.age.today")
        said = words("paper.says_aged", state=state, date=date, age=isolate(age))
    if says.state is State.UNDER_REVIEW and says.step:
        said = f"{said} {words.counted('paper.steps', says.step)}"
    return (f"{words('tracking_number')} {words.tracking(says.tracking)}", said)
