"""The other services: what there is, which family, which kind, which topic."""

from typing import assert_never

from central_api.contract.catalogue import catalogue
from kiosk.guide_events import FamilyOpened, KindOpened, RightsOpened, ServicesOpened, TopicOpened, WentBack
from kiosk.guide_state import Families, GuideState, Kinds, OtherServices, ShowRequirements, ShowTopic, Topics
from kiosk.places import said
from kiosk.theme import ANSWER_SIZES
from kiosk.visit_events import Event, FinishPressed

from . import requirements, rights
from .actions import Action, Send, place_actions
from .blocks import Heading
from .board import Pen
from .choices import Choice, place_choices
from .foot import place_foot


def build(pen: Pen, state: GuideState, send: Send) -> None:
    """Draw a screen of the other services on the pen's board."""
    words = pen.words
    match state:
        case OtherServices():
            _list(pen, words("home.way.other_services"), _ways(pen, state), send, leave=True)
        case Families():
            _list(pen, words("guide.which_family"), _families(pen, state), send)
        case Kinds():
            _list(pen, words("guide.which_kind"), _kinds(pen, state), send)
        case Topics():
            _list(pen, words("guide.rights"), _topics(pen, state), send)
        case ShowRequirements():
            requirements.build(pen, state, send)
        case ShowTopic():
            rights.build(pen, state, send)
        case _:
            assert_never(state)


def _list(pen: Pen, title: str, choices: tuple[Choice, ...], send: Send, *, leave: bool = False) -> None:
    theme, words = pen.theme, pen.words
    actions: tuple[Action[Event], ...] = (Action("finish", words("button.home"), FinishPressed()),)
    if not leave:
        back = Action("back", words("button.return"), WentBack())
        actions = (back, Action("finish", words("button.finish"), FinishPressed()))
    below = place_foot(pen, None, place_actions(pen, actions, send), send)
    heading = Heading(title, ANSWER_SIZES, theme.palette.ink)
    width = theme.width - 2 * theme.margin
    tall = heading.height(pen, width) + theme.px(28)
    top = theme.over_targets(tall)
    heading.place(pen, theme.margin, top, width)
    place_choices(pen, choices, top + tall, below, send)


def _ways(pen: Pen, state: OtherServices) -> tuple[Choice, ...]:
    """Return what the office's content has something of."""
    words, content = pen.words, state.guide.content
    ways = (
        (content.services, Choice("services", words("guide.services"), words("guide.services.how"), ServicesOpened())),
        (content.rights, Choice("rights", words("guide.rights"), words("guide.rights.how"), RightsOpened())),
    )
    return tuple(choice for there, choice in ways if there)


def _families(pen: Pen, state: Families) -> tuple[Choice, ...]:
    names = catalogue().families
    families = dict.fromkeys(service.family for service in state.guide.content.services)
    return tuple(
        Choice(f"family.{family}", name, None, FamilyOpened(family))
        for family in families
        if (name := names.word(family, pen.words.language) or names.word(family, "en"))
    )


def _kinds(pen: Pen, state: Kinds) -> tuple[Choice, ...]:
    words, guide = pen.words, state.guide
    choices: list[Choice] = []
    for service in guide.content.services:
        if service.family != state.family:
            continue
        hint = None
        if service.opens is not None and service.opens > guide.day:
            hint = words("guide.opens", date=words.day(service.opens))
        name = words.service(service.family, service.kind)
        choices.append(Choice(f"kind.{service.kind}", name, hint, KindOpened(service.kind)))
    return tuple(choices)


def _topics(pen: Pen, state: Topics) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"topic.{topic.key}", said(topic.title, pen.words), None, TopicOpened(topic.key))
        for topic in state.guide.content.rights
    )
