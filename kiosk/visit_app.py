"""The window of a terminal that visitors use: the visit on the screen, drawn and said as its visitor wants it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from .app import ScreenApp, Screens
from .comfort import Comfort
from .visit_events import Effect, Event, Listened
from .visit_state import VisitState

if TYPE_CHECKING:
    from kivy.core.window import WindowBase

    from .flow import Flow


class VisitScreens(Screens[VisitState, Event], Protocol):
    """Screens that are drawn, and said, as the visitor wants it."""

    def suit(self, comfort: Comfort) -> None: ...

    @property
    def tells_an_ear(self) -> bool:
        """Whether somebody at the headphones is being told something."""
        ...


class TerminalApp(ScreenApp[VisitState, Event, Effect]):
    """The window of a terminal that visitors use."""

    def __init__(
        self,
        window: "WindowBase",
        flow: "Flow",
        screens: VisitScreens,
        perform: Callable[[Effect], None],
        *,
        drawn: Callable[[VisitState], None] = lambda _: None,
        turned: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(window, flow, screens, perform, drawn=drawn, turned=turned)
        self._visit = flow
        self._visit_screens = screens
        self._comfort = Comfort()

    def _tick(self) -> None:
        if self._visit_screens.tells_an_ear:
            self._advance(Listened())
        super()._tick()

    def _suited(self) -> bool:
        if self._visit.comfort == self._comfort:
            return False
        self._comfort = self._visit.comfort
        self._visit_screens.suit(self._comfort)
        return True
