"""A visit to the other services, as functions of its own states; and who counts as a reader of workers' rights."""

from typing import Final, assert_never

from kiosk.guide_events import (
    CountReader,
    FamilyOpened,
    GuideEvent,
    KindOpened,
    RightsOpened,
    ServicesOpened,
    TopicOpened,
    WentBack,
)
from kiosk.guide_state import (
    Families,
    Guide,
    GuideState,
    Kinds,
    OtherServices,
    Requirements,
    ShowRequirements,
    ShowTopic,
    Topics,
)
from kiosk.visit_state import ScreenLanguage, VisitState

READER_AFTER: Final = 10.0
"""Seconds that a topic stays open until its visitor counts as a reader; the contract's own number."""


def after(state: GuideState, event: GuideEvent, *, can_print: bool) -> GuideState | None:
    """Return what is shown next; None where the visitor goes back from the first screen.

    An event of another screen changes nothing: a second finger may come down on what is gone.
    """
    match state, event:
        case _, WentBack():
            return _back(state)
        case OtherServices(language, guide), ServicesOpened():
            return Families(language, guide)
        case OtherServices(language, guide), RightsOpened():
            return Topics(language, guide)
        case Families(language, guide), FamilyOpened(family):
            return Kinds(language, guide, family)
        case Kinds(), KindOpened(kind):
            state = _requirements(state, kind, can_print=can_print)
        case Topics(), TopicOpened(key):
            state = _topic(state, key)
        case _:
            pass
    return state


def begin(language: ScreenLanguage, guide: Guide) -> OtherServices:
    """Show what there is."""
    return OtherServices(language, guide)


def _back(state: GuideState) -> GuideState | None:
    match state:
        case OtherServices():
            return None
        case Families(language, guide) | Topics(language, guide):
            return OtherServices(language, guide)
        case Kinds(language, guide):
            return Families(language, guide)
        case ShowRequirements(language, sheet):
            return Kinds(language, sheet.guide, sheet.service.family)
        case ShowTopic(language, guide):
            return Topics(language, guide)
        case _:
            assert_never(state)


def _requirements(state: Kinds, kind: int, *, can_print: bool) -> GuideState:
    for service in state.guide.content.services:
        if (service.family, service.kind) == (state.family, kind):
            return ShowRequirements(state.language, Requirements(state.guide, service), can_print)
    return state


def _topic(state: Topics, key: str) -> GuideState:
    for topic in state.guide.content.rights:
        if topic.key == key:
            return ShowTopic(state.language, state.guide, topic)
    return state


class Attention:
    """Watches one visit: who keeps one topic open for READER_AFTER seconds is a reader, once."""

    def __init__(self) -> None:
        self._topic = ""
        self._since = 0.0
        self._counted = False

    def look(self, state: VisitState, now: float) -> tuple[CountReader, ...]:
        """Look at what is shown at a moment (monotonic seconds); says when its visitor has become a reader."""
        if not isinstance(state, ShowTopic):
            self._topic = ""
        elif state.topic.key != self._topic:
            self._topic, self._since = state.topic.key, now
        elif not self._counted and now - self._since >= READER_AFTER:
            self._counted = True
            return (CountReader(state.topic.key, state.language),)
        return ()
