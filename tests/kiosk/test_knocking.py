"""The staff corner's gesture on the panel itself: real fingers in its upper corners, and nothing pressed by them."""

import pytest

from kiosk.samples import TERMINAL, now, screens
from kiosk.staff_events import Corner, CornerPressed, CornerReleased, KnockBroken, Steered
from kiosk.visit_state import SCREEN_LANGUAGES

from .window import SIZE, window

pytestmark = pytest.mark.usefixtures("the_window")

AT_REST = ("home", "home-troubled", "closed-today", "out-of-order")
UPPER_LEFT, UPPER_RIGHT, MIDDLE = (0.01, 0.99), (0.99, 0.99), (0.5, 0.5)


@pytest.fixture
def drawn():
    window()
    from kiosk.screens import Screens

    screens_ = Screens(SIZE, TERMINAL, clock=now)
    yield screens_
    screens_.close()


def touch(board, at, lift_at=None):
    """Touch at a place, in shares of the window from the lower left, and lift there or elsewhere."""
    from kiosk.touch import Finger

    finger = Finger(*at)
    finger.scale_for_screen(*SIZE)
    board.dispatch("on_touch_down", finger)
    if lift_at is not None:
        finger.move({"x": lift_at[0], "y": lift_at[1]})
        finger.scale_for_screen(*SIZE)
    board.dispatch("on_touch_up", finger)


@pytest.mark.parametrize("name", AT_REST)
@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_both_upper_corners_are_told_and_press_nothing(drawn, name, language):
    sent = []
    board = drawn.build(screens(language)[name], sent.append)
    touch(board, UPPER_LEFT)
    touch(board, UPPER_RIGHT)
    touch(board, MIDDLE)
    corners = [(CornerPressed(corner), CornerReleased(corner)) for corner in Corner]
    assert sent[:5] == [*corners[0], *corners[1], KnockBroken()], "the same corners in every language"
    assert len(sent) == 5


def test_a_finger_that_slides_out_and_one_that_slides_in_break_it(drawn):
    sent = []
    board = drawn.build(screens("ar")["home"], sent.append)
    touch(board, UPPER_LEFT, MIDDLE)
    touch(board, MIDDLE, UPPER_RIGHT)
    assert sent == [CornerPressed(Corner.LEFT), KnockBroken()], "who touches elsewhere tells nothing"


def test_a_screen_that_is_drawn_anew_under_the_finger_loses_nothing(drawn):
    from kiosk.touch import Finger

    sent = []
    finger = Finger(*UPPER_LEFT)
    finger.scale_for_screen(*SIZE)
    drawn.build(screens("ar")["home"], sent.append).dispatch("on_touch_down", finger)
    drawn.build(screens("ar")["home-troubled"], sent.append).dispatch("on_touch_up", finger)
    assert sent == [CornerPressed(Corner.LEFT), CornerReleased(Corner.LEFT)]


def test_keys_are_told_while_nobody_uses_the_screen_and_not_in_a_visit(drawn):
    def press(key):
        window().dispatch("on_key_down", key, 0, None, [])
        window().dispatch("on_key_up", key, 0)

    sent = []
    drawn.build(screens("ar")["home"], sent.append)
    press(273)
    press(276)
    assert [event for event in sent if isinstance(event, Steered)] == [Steered("up"), Steered("left")]
    sent.clear()
    drawn.build(screens("ar")["printed"], sent.append)
    press(273)
    assert sent == []
