"""What can be pressed: it shows the finger at once, and acts when the finger leaves it.

A screen may be drawn again between the two (a countdown, a printer that reports): what was touched is remembered by the
touch itself, under the widget's name, so that no press is lost. Nothing is remembered into the next visit.
"""

from collections.abc import Callable
from typing import Any, Final

from kivy.base import EventLoop
from kivy.graphics import Color, InstructionGroup
from kivy.uix.widget import Widget

from kiosk.theme import Colour

from .shapes import outline, rounded_box

_TOUCHED: Final = "istilam.touched"
WHOLE: Final = "screen"


def forget_fingers() -> None:
    """End the visit for the fingers on the panel: what they came down on they no longer press."""
    for touch in EventLoop.touches:
        touch.ud.pop(_TOUCHED, None)


def _ring(colour: Colour, box: tuple[float, float, float, float], radius: float, around: float) -> Any:
    """Return the focus as drawn around a target of left, bottom, width and height."""
    x, y, width, height = box
    ring: Any = InstructionGroup()
    ring.add(Color(*colour))
    ring.add(outline(x - around, y - around, width + 2 * around, height + 2 * around, radius + around, around * 3 / 4))
    return ring


class Pressable(Widget):
    """A named target. `main`: what most come to this screen for; `label`: how a sign without words is called."""

    takes_text = False

    def __init__(
        self,
        name: str,
        do: Callable[[], None],
        *,
        pos: tuple[float, float],
        size: tuple[float, float],
        radius: float,
        fill: Colour,
        line: Colour,
        pressed: Colour,
        ring: Colour,
        line_width: float,
        main: bool = False,
        chosen: bool = False,
        label: str = "",
    ) -> None:
        super().__init__(size_hint=(None, None), pos=pos, size=size)
        self.name = name
        self.main = main
        self.chosen = chosen
        self.label = label
        self.focused = False
        self.do = do
        self._fill = fill
        self._pressed = pressed
        self._ring: Any = None
        self._ring_as = (ring, (*pos, *size), radius, 5 * line_width)
        (x, y), (width, height) = pos, size
        with self.canvas.before:
            self._colour = Color(*fill)
            if fill[3]:
                rounded_box(pos, size, radius)
            if line[3]:
                Color(*line)
                outline(x, y, width, height, radius, line_width)

    def key(self, key: int, modifiers: list[str]) -> bool:
        """Take a key of the window where it means something here; False where it does not."""
        return False

    def typed(self, text: str) -> None:
        """Take what a keyboard wrote, where this `takes_text`."""

    def focus(self, focused: bool) -> None:
        """Draw the ring of the keypad's focus, or take it away."""
        if focused != self.focused:
            self._ring = self._ring or _ring(*self._ring_as)  # most are never focused
            (self.canvas.before.add if focused else self.canvas.before.remove)(self._ring)
        self.focused = focused

    def on_touch_down(self, touch: Any) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        touch.ud[_TOUCHED] = self.name
        self._colour.rgba = self._pressed
        return True

    def on_touch_move(self, touch: Any) -> bool:
        if touch.ud.get(_TOUCHED) != self.name:
            return False
        self._colour.rgba = self._pressed if self.collide_point(*touch.pos) else self._fill
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.ud.get(_TOUCHED) != self.name:
            return False
        self._colour.rgba = self._fill
        if self.collide_point(*touch.pos):
            self.do()
        return True


class Holdable(Pressable):
    """A target that is held: `do` when the finger, or the key, comes down on it; `release` when it leaves."""

    release: Callable[[], None]

    def on_touch_down(self, touch: Any) -> bool:
        if not super().on_touch_down(touch):
            return False
        self.do()
        return True

    def on_touch_move(self, touch: Any) -> bool:
        if not super().on_touch_move(touch):
            return False
        if not self.collide_point(*touch.pos):
            self.on_touch_up(touch)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.ud.get(_TOUCHED) != self.name:
            return False
        del touch.ud[_TOUCHED]  # a finger that comes back holds nothing
        self._colour.rgba = self._fill
        self.release()
        return True


class WholeScreen(Pressable):
    """The screen itself, for who listens: no finger meets it."""

    def collide_point(self, x: float, y: float) -> bool:
        return False


class Cover(Pressable):
    """A target over everything else; it is the last in the order of the keys."""
