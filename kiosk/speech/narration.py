"""What is said of a state. A status is told by the account that screen and paper are made of (kiosk/account.py).

Any other screen is read as it stands: `texts` are those on it, in the order of reading, without what can be pressed,
which is said when the focus comes to it.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from kiosk import visit_state as states
from kiosk.account import tell
from kiosk.camera import instruction
from kiosk.comfort import Comfort
from kiosk.marks import Sign
from kiosk.visit_state import ScreenLanguage, ShowStatus, VisitState
from kiosk.words import Words, words_of

from .said import Said
from .spoken import spoken

if TYPE_CHECKING:
    from kiosk.account import Account

PUBLIC = (
    states.Home,
    states.Closed,
    states.Reading,
    states.Printing,
    states.Printed,
    states.SentToPrinter,
    states.StillThere,
    states.PowerWasCut,
    states.OutOfOrder,
    states.PlaceCard,
    states.ReadingCard,
    states.CardTrouble,
    states.OfferCode,
    states.TakeCard,
    states.AddSlip,
    Comfort,
)
"""States whose screens tell nothing of anybody: the loudspeaker may say them. Of any other it says nothing."""


Told: TypeAlias = VisitState | Comfort
"""What is on the screen: a state of the visit, or the choices of how it shall look."""


def narrate(shown: Told, language: ScreenLanguage, texts: Iterable[str]) -> tuple[Said, ...]:
    """Tell a screen, sentence by sentence."""
    words = words_of(language)
    match shown:
        case ShowStatus(sheet=sheet):
            said = _status(tell(sheet, words), words)
        case states.Home(held=None):
            said = iter((words("home.place_slip"), words("home.answer_follows")))
        case states.Home(held=held):
            said = iter((words(instruction(held)),))
        case _:
            said = iter(texts)
    private = not isinstance(shown, PUBLIC)
    return tuple(Said(spoken(text, words), language, private) for text in said if text)


def name_target(shown: Told, language: ScreenLanguage, label: str, *, chosen: bool, name: str) -> Said:
    """Say what the focus came to; a language's name in that language."""
    own: dict[str, ScreenLanguage] = {f"language.{one}": one for one in states.SCREEN_LANGUAGES}
    language = own.get(name, language)
    text = spoken(label, words_of(language))
    if chosen:
        text = f"{text}, {words_of(language)('speech.chosen')}"
    return Said(text, language, not isinstance(shown, PUBLIC))


def how_to_move(language: ScreenLanguage) -> Said:
    """Say how the five keys work."""
    return Said(words_of(language)("speech.keys"), language, private=False)


def _status(account: "Account", words: Words) -> Iterator[str]:
    """Tell in the screen's order; where something is asked of the visitor, that comes before the chain."""
    yield account.service
    yield f"{words('tracking_number')}: {account.number}"
    if account.label:
        yield account.label
    yield account.answer
    yield from account.details
    asks = account.sign in {Sign.RETURNED, Sign.REJECTED}
    chain = (words("chain.title"), *(f"{step.title}. {step.detail}" for step in account.steps))
    if not asks:
        yield from chain
    if account.documents:
        yield words("missing.title")
        for document in account.documents:
            yield document.name
            yield from document.details
    elif not account.objection:
        yield words("asked.title")
    yield from () if account.objection else account.asked
    if account.reasons:
        yield words("reasons.title")
        yield from account.reasons
    if account.objection:
        yield words("objection.title")
        yield from account.objection
    if account.place is not None:
        yield account.place_title
        yield account.place.name
        yield from account.place.lines
    for notice in account.notices:
        yield notice.title
        yield from notice.lines
    if asks:
        yield from chain
    yield account.age
    if account.link_cut:
        yield words("network.cut")
