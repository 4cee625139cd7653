"""The other services and the call for a person within the machine: when they begin, and how they go on."""

from dataclasses import replace
from typing import assert_never

from kiosk.guide_events import GuideEvent, WentBack
from kiosk.guide_state import GuideScreen, Requirements, ShowRequirements, help_place
from kiosk.help_call import CallHelp, HelpCalled, HelpStage, HelpTold
from kiosk.visit_events import Effect, HelpHeld, HelpReleased, OtherServicesChosen
from kiosk.visit_state import Home, NotPrinted

from . import guide
from .sitting import Sitting

HELP_HELD_FOR = 2.0
"""Seconds."""


class WithGuide(Sitting):
    """Shows what is everybody's to read, and calls somebody."""

    def _beside(self, event: OtherServicesChosen | HelpHeld | HelpReleased) -> None:
        match event:
            case HelpReleased():
                self._help_held = None
            case HelpHeld():
                self._help_held = None if self._only_wakes() else self._now
            case OtherServicesChosen():
                if isinstance(self._state, Home) and not self._only_wakes() and self._lobby.guide is not None:
                    self._visit += 1
                    self._show(guide.begin(self._state.language, self._lobby.guide))
            case _:
                assert_never(event)

    def _guided(self, event: GuideEvent) -> tuple[Effect, ...]:
        match self._state, event:
            case NotPrinted(language, Requirements() as sheet), WentBack():
                self._show(ShowRequirements(language, sheet, self._lobby.may_print))
                return ()
            case GuideScreen() as state, _:
                following = guide.after(state, event, can_print=self._lobby.may_print)
            case _:
                return ()
        if following is None:
            return self._leave()
        if following != self._state:
            self._show(following)
        return ()

    def _watch(self) -> tuple[Effect, ...]:
        """Look, at each tick, who has read for long enough, and whose finger has stayed on the call for help."""
        return (*self._attention.look(self._state, self._now), *self._call_for_help())

    def _call_for_help(self) -> tuple[Effect, ...]:
        """Call once the finger has stayed long enough: a hand that leans on the screen calls nobody."""
        if self._help_held is None or self._now - self._help_held < HELP_HELD_FOR:
            return ()
        self._help_held = None
        if not isinstance(self._state, Home):
            return ()
        self._visit += 1
        place = None if self._lobby.guide is None else help_place(self._lobby.guide)
        self._show(HelpCalled(self._state.language, HelpStage.SENDING, place))
        return (CallHelp(self._visit),)

    def _help_told(self, told: HelpTold) -> None:
        if told.visit == self._visit and isinstance(self._state, HelpCalled):
            self._show(replace(self._state, stage=told.stage))
