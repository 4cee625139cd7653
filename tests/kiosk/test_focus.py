"""Everything by five keys: the focus is seen, follows the order of reading, and survives what is drawn again."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from kiosk.samples import TERMINAL, now, screens
from kiosk.selftest_samples import selftest_screens
from kiosk.visit_events import FinishPressed, LanguageChosen, PrintPressed

from .window import SIZE, window

pytestmark = pytest.mark.usefixtures("the_window")

UP, DOWN, RIGHT, LEFT, OK, TAB = 273, 274, 275, 276, 13, 9


@pytest.fixture
def person():
    """Someone with five keys: `sees` a state, `presses` keys, `stands` on a target, `sent` events."""
    window()
    from kiosk.screens import Screens
    from kiosk.screens.selftest import SelfTestScreens

    drawn = Screens(SIZE, TERMINAL, clock=now)
    technician = SelfTestScreens(drawn)
    sent = []
    at = SimpleNamespace(sent=sent, board=None)

    def sees(state):
        screen = technician if type(state).__module__.endswith("selftest_state") else drawn
        at.board = screen.build(state, sent.append)
        return at.board

    def presses(*keys, modifiers=()):
        for key in keys:
            window().dispatch("on_key_down", key, 0, None, list(modifiers))
            window().dispatch("on_key_up", key, 0)

    def stands():
        ringed = [one.name for one in targets(at.board) if one.focused]
        assert len(ringed) <= 1
        return ringed[0] if ringed else None

    at.sees, at.presses, at.stands, at.drawn = sees, presses, stands, drawn
    yield at
    drawn.close()


def targets(board):
    from kiosk.screens.press import Pressable

    return [widget for widget in board.walk(restrict=True) if isinstance(widget, Pressable)]


def test_nothing_is_pressed_before_a_key_showed_where_it_stands(person):
    person.sees(screens("ar")["status-under-review"])
    assert person.stands() is None
    person.presses(OK)
    assert person.sent == []
    assert person.stands() == "print"
    person.presses(OK)
    assert person.sent == [PrintPressed()]


@pytest.mark.parametrize(("language", "onward"), [("ar", LEFT), ("fr", RIGHT)])
def test_the_keys_walk_round_in_the_order_of_reading(person, language, onward):
    person.sees(screens(language)["status-under-review"])
    others = [f"language.{other}" for other in ("ar", "fr", "en") if other != language]
    for key in (DOWN, onward, TAB):
        walked = []
        for _ in range(7):
            person.presses(key)
            walked.append(person.stands())
        person.presses(UP)
        assert walked == ["print", "add", "finish", *others, "comfort", "print"]
        assert person.stands() == "comfort"
        person.drawn.forget()


def test_shift_and_tab_goes_back(person):
    person.sees(screens("en")["status-under-review"])
    person.presses(TAB, TAB)
    person.presses(TAB, modifiers=["shift"])
    assert person.stands() == "print"


def test_a_key_that_is_held_down_presses_once(person):
    person.sees(screens("en")["status-under-review"])
    person.presses(DOWN)
    for _ in range(20):
        window().dispatch("on_key_down", OK, 0, None, [])
    window().dispatch("on_key_up", OK, 0)
    assert person.sent == [PrintPressed()]


def test_the_focus_stays_on_a_screen_that_is_drawn_again(person):
    still = screens("fr")["still-there"]
    person.sees(still)
    person.presses(DOWN, DOWN)
    person.sees(replace(still, seconds_left=19))
    assert person.stands() == "finish"
    person.sees(replace(still, language="ar", seconds_left=18))
    assert person.stands() == "finish"


def test_another_screen_begins_at_its_main_action(person):
    person.sees(screens("fr")["status-under-review"])
    person.presses(DOWN, DOWN)
    person.sees(screens("fr")["still-there"])
    assert person.stands() == "stay"


def test_a_finger_takes_the_ring_away_and_a_new_visit_begins_without(person):
    person.sees(screens("fr")["status-under-review"])
    person.presses(DOWN)
    window().dispatch("on_touch_down", SimpleNamespace(x=0, y=0, ud={}, pos=(0, 0), scale_for_screen=None, push=str))
    assert person.stands() is None
    person.presses(DOWN)
    person.drawn.forget()
    person.sees(screens("fr")["home"])
    assert person.stands() is None


def test_turning_pages_keeps_a_focus_that_is_seen(person):
    person.sees(screens("ar")["status-returned-many"])
    person.presses(DOWN)
    while person.stands() != "page.next":
        person.presses(UP)
    person.presses(OK)
    assert person.stands() in {"page.next", "page.back"}
    while person.stands() == "page.next":
        person.presses(OK)
    assert person.stands() == "language.fr", "what took its place on the last page"


def test_every_target_of_every_screen_is_reached_and_pressed_as_by_touch(person):
    for states in (screens("ar"), selftest_screens("ar")):
        for name, state in states.items():
            if name.startswith("ended-all"):
                continue
            board = person.sees(state)
            person.drawn.forget()
            by_touch = {}
            for target in targets(board):
                before = len(person.sent)
                if not target.name.startswith("page."):
                    target.do()
                if hasattr(target, "release"):
                    target.release()
                by_touch[target.name] = person.sent[before:]
            by_keys = {}
            for _ in by_touch:
                person.presses(DOWN)
                stands = person.stands()
                before = len(person.sent)
                if not stands.startswith("page."):
                    person.presses(OK)
                by_keys[stands] = person.sent[before:]
            assert by_keys == by_touch, name
            person.drawn.forget()


def test_tab_and_enter_as_on_a_keyboard(person):
    person.sees(screens("fr")["printed"])
    person.presses(TAB, 271)
    person.sees(screens("fr")["problem-unknown"])
    person.presses(TAB, 271)
    assert person.sent == [FinishPressed(), LanguageChosen("ar")]
