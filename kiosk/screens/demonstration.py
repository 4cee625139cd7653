"""What to do with a slip, shown without a word: a hand brings it to the light, the light takes it in, the hand goes.

A few poses, some seconds long, now and then while home is bright: each redraws the whole screen, and a lobby is empty
most of the day. Nothing flashes: no pose comes sooner than half a second after the last one.
"""

from collections.abc import Callable
from typing import Any, Final

from kivy.clock import Clock
from kivy.graphics import Color, PopMatrix, PushMatrix, Quad, SmoothEllipse, SmoothLine, Translate
from kivy.uix.widget import Widget

from kiosk.theme import Colour, Palette

from ..frozen import frozen
from .signs import paper_of_slip, readers_light

STEP: Final = 0.5
"""Seconds between two poses."""
EVERY: Final = 90.0
"""Seconds from one showing to the next: a lobby at rest redraws nothing else, and home is dimmed after two minutes."""


@frozen
class Pose:
    """`paper`: how far the slip is above its place, and `hand` how far the hand is from it, in shares of the radius.

    Without a `hand` there is none. `glow`: how much of the light falls on the slip, 0 to 1.
    """

    paper: tuple[float, float] = (0.0, 0.0)
    hand: tuple[float, float] | None = None
    glow: float = 0.0


POSES: Final = (
    Pose((0.05, 0.14), (0.05, 0.14)),
    Pose((0.0, 0.0), (0.0, 0.0), glow=0.5),
    Pose((0.0, 0.0), (0.2, 0.0), glow=0.5),
    Pose(),
)
"""The last one is how home rests."""


class Demonstration:
    """Takes over the drawing of the slip's sign, and moves it until `stop`."""

    def __init__(self, sign: Widget, palette: Palette) -> None:
        self._canvas: Any = sign.canvas
        x, y, self._radius = sign.center_x, sign.center_y, sign.width / 2
        self._canvas.clear()
        with self._canvas:
            readers_light(palette.light)(x, y, self._radius)
            PushMatrix()
            self._paper = Translate(0, 0)
            paper_of_slip(palette)(x, y, self._radius)
            PopMatrix()
            self._glow = _beam(palette.light, x, y, self._radius)
            PushMatrix()
            self._hand = Translate(0, 0)
            self._hand_colours = _hand(palette.on_green, palette.green, x, y, self._radius)
            PopMatrix()
        self._waiting: Callable[[], None] = lambda: None
        self._pose(POSES[-1])
        self._play(0)

    def again(self) -> None:
        """Show it from the beginning."""
        self._waiting()
        self._play(0)

    def stop(self) -> None:
        """Show nothing more."""
        self._waiting()

    def _play(self, at: int) -> None:
        self._pose(POSES[at])
        last = at == len(POSES) - 1
        following = 0 if last else at + 1
        self._waiting = Clock.schedule_once(lambda _: self._play(following), EVERY if last else STEP).cancel

    def _pose(self, pose: Pose) -> None:
        self._paper.x, self._paper.y = (share * self._radius for share in pose.paper)
        self._glow.a = pose.glow
        for colour in self._hand_colours:
            colour.a = 0.0 if pose.hand is None else 1.0
        if pose.hand is not None:
            self._hand.x, self._hand.y = (share * self._radius for share in pose.hand)
        self._canvas.ask_update()


def _beam(light: Colour, x: float, y: float, r: float) -> Color:
    """Draw the light on the paper; returns its colour, by whose last part it comes and goes."""
    colour = Color(*light[:3], 0.0)
    corners = ((-0.7, -0.78), (0.7, -0.78), (0.5, 0.0), (-0.5, 0.0))
    Quad(points=[place for left, up in corners for place in (x + left * r, y + up * r)])
    return colour


def _hand(skin: Colour, line: Colour, x: float, y: float, r: float) -> tuple[Color, ...]:
    """Draw a hand that holds the slip by its lower corner: first wider, for the line around it; returns its colours."""
    colours: list[Color] = []
    for colour, more in ((line, 0.035), (skin, 0.0)):
        colours.append(Color(*colour))
        for half, points in ((0.14, (1.04, -1.0, 0.74, -0.62)), (0.09, (0.68, -0.54, 0.36, -0.42))):
            places = [(x if at % 2 == 0 else y) + share * r for at, share in enumerate(points)]
            SmoothLine(points=places, width=(half + more) * r)
        for right, up, share in ((0.7, -0.56, 0.2), (0.36, -0.42, 0.09)):  # the ball of the hand, the tip of the thumb
            radius = (share + more) * r
            SmoothEllipse(pos=(x + right * r - radius, y + up * r - radius), size=(2 * radius, 2 * radius))
    return tuple(colours)
