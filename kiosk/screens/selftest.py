"""The self-test's screens: which one draws which state."""

from collections.abc import Callable
from typing import assert_never

from kiosk import selftest_state as states

from . import Screens, selftest_lists, selftest_steps
from .board import Board, Pen

SendSelfTest = Callable[[states.SelfTestEvent], None]


class SelfTestScreens:
    """Draws the self-test on a terminal's screens."""

    def __init__(self, screens: Screens) -> None:
        self._screens = screens

    def build(self, state: states.SelfTestState, send: SendSelfTest) -> Board:
        """Draw a state as a widget of the window's size; as `Screens.build`."""
        return self._screens.compose(state.language, lambda pen: draw(pen, state, send), type(state))

    def forget(self) -> None:
        """Drop everything that was lettered."""
        self._screens.forget()


def draw(pen: Pen, state: states.SelfTestState, send: SendSelfTest) -> None:
    """Draw a state on the pen's board."""
    match state:
        case states.Overview():
            selftest_lists.build_overview(pen, state, send)
        case states.Ended():
            selftest_lists.build_ended(pen, state, send)
        case states.TouchSpots():
            selftest_steps.build_spots(pen, state, send)
        case states.ColoursAhead():
            selftest_steps.build_colours_ahead(pen, state, send)
        case states.Colours():
            selftest_steps.build_colour(pen, state, send)
        case states.DotsAsked():
            selftest_steps.build_dots_asked(pen, state, send)
        case states.ShowCode():
            selftest_steps.build_show_code(pen, state, send)
        case states.InsertCard():
            selftest_steps.build_insert_card(pen, state, send)
        case states.ToneAsked():
            selftest_steps.build_tone_asked(pen, state, send)
        case _:
            assert_never(state)
