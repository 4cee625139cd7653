"""What home shows without a word: a hand brings a slip to the light. Calm, short, and not for who wants it still."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from kiosk.camera import PaperHeld
from kiosk.comfort import Comfort
from kiosk.samples import TERMINAL, now, screens

from .window import SIZE, flips, window

pytestmark = pytest.mark.usefixtures("the_window")


class Clock:
    """Kivy's clock, as far as a screen asks for a later call: the test says when it is later."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Callable[[float], object]]] = []

    def schedule_once(self, what: Callable[[float], object], seconds: float) -> "Clock":
        self.waiting.append((seconds, what))
        return self

    def schedule_interval(self, what: Callable[[float], object], seconds: float) -> "Clock":
        return self

    def cancel(self) -> None:
        self.waiting.clear()

    def comes(self) -> float:
        """Let the next call come; returns after how many seconds it did."""
        (seconds, what), *self.waiting = self.waiting
        what(seconds)
        return seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    window()
    from kivy.clock import Clock as KivysClock

    for event in KivysClock.get_events():  # of homes that tests before left on the screen: they would go on in ours
        event.cancel()
    clock = Clock()
    for module in ("home", "instruction", "demonstration"):
        monkeypatch.setattr(f"kiosk.screens.{module}.Clock", clock)
    return clock


@pytest.fixture
def drawn(clock: Clock) -> Iterator[Any]:
    from kiosk.screens import Screens

    drawn = Screens(SIZE, TERMINAL, clock=now)
    yield drawn
    drawn.suit(Comfort())
    drawn.close()


def picture() -> bytes:
    """Photograph what is on the screen once it is drawn whole."""
    from kiosk.window import read_frame

    pictures: list[bytes] = []

    def on_flip(*_: object) -> None:
        pictures.append(read_frame(window()))

    window().bind(on_flip=on_flip)
    flips(2)
    window().unbind(on_flip=on_flip)
    return pictures[-1]


def test_the_hand_comes_brings_the_slip_and_goes_and_home_is_as_before(clock: Clock, drawn: Any) -> None:
    from kiosk.screens.demonstration import EVERY, POSES, STEP

    board = drawn.build(screens("ar")["home"], print)
    window().add_widget(board)
    still = picture()
    assert clock.comes() >= 3.0, "nobody is hurried"
    seen = [picture()]
    waited = [clock.comes()]
    while waited[-1] < EVERY:
        seen.append(picture())
        waited.append(clock.comes())
    window().remove_widget(board)
    assert waited == [STEP] * (len(POSES) - 1) + [EVERY]
    assert min(waited) >= 0.5 and sum(waited[:-1]) < 5, "calm, and over before it disturbs"
    assert len(set(seen)) == len(POSES)
    assert still not in seen[:-1]
    assert seen[-1] == still


@pytest.mark.parametrize("home", [{"dimmed": True}, {"held": PaperHeld()}], ids=["dimmed", "held"])
def test_there_is_none_where_nobody_looks_or_a_hand_is_there_already(clock: Clock, drawn: Any, home: Any) -> None:
    drawn.build(replace(screens("ar")["home"], **home), print)
    assert clock.waiting == []


def test_nothing_moves_in_the_easy_mode(clock: Clock, drawn: Any) -> None:
    drawn.suit(Comfort(easy=True))
    drawn.build(screens("ar")["home"], print)
    assert clock.waiting == []


@pytest.mark.parametrize("poses", [0, 2, 4])
def test_who_touches_the_picture_is_shown_at_once(clock: Clock, drawn: Any, poses: int) -> None:
    from kiosk.screens.demonstration import STEP
    from kiosk.screens.instruction import _Slip
    from kiosk.touch import press

    sent: list[object] = []
    board = drawn.build(screens("ar")["home"], sent.append)
    window().add_widget(board)
    for _ in range(poses):
        clock.comes()
    (slip,) = [widget for widget in board.walk() if isinstance(widget, _Slip)]
    slip.name = "slip"
    flips(1)
    assert press(window(), board, "slip")
    window().remove_widget(board)
    assert [seconds for seconds, _ in clock.waiting] == [STEP]
    assert sent == []


@pytest.mark.parametrize("poses", [0, 1, 4])
def test_it_ends_with_the_screen(clock: Clock, drawn: Any, poses: int) -> None:
    drawn.build(screens("ar")["home"], print)
    for _ in range(poses):
        clock.comes()
    assert clock.waiting
    drawn.build(screens("ar")["reading"], print)
    assert clock.waiting == []
