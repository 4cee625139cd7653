"""What can be pressed: it shows the finger at once, and acts when the finger leaves it.

A screen may be drawn again between the two (a countdown, a printer that reports): what was touched is remembered by the
touch itself, under the widget's name, so that no press is lost.
"""

from collections.abc import Callable
from typing import Any, Final

from kivy.graphics import Color, SmoothLine, SmoothRoundedRectangle
from kivy.uix.widget import Widget

from kiosk.theme import Colour

_TOUCHED: Final = "istilam.touched"
WHOLE: Final = "screen"
_CLEAR: Final[Colour] = (0.0, 0.0, 0.0, 0.0)


def outline(  # noqa: PLR0917 - a box, its corners, its line
    left: float, bottom: float, width: float, height: float, radius: float, thickness: float
) -> None:
    """Draw the line of a rounded rectangle, within it, in the canvas and colour at hand.

    A line costs its own length; a second rectangle under the first one costs its area, which a panel without a graphics
    processor paints dot by dot.
    """
    half = thickness / 2
    SmoothLine(
        rounded_rectangle=(left + half, bottom + half, width - thickness, height - thickness, max(1.0, radius - half)),
        width=half,
    )


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
        self._ring = ring
        around = 4 * line_width
        (x, y), (width, height) = pos, size
        with self.canvas.before:
            self._colour = Color(*fill)
            SmoothRoundedRectangle(pos=pos, size=size, radius=[radius])
            Color(*line)
            outline(x, y, width, height, radius, line_width)
            self._ring_colour = Color(*_CLEAR)
            outline(
                x - around, y - around, width + 2 * around, height + 2 * around, radius + around, around - line_width
            )

    def key(self, key: int, modifiers: list[str]) -> bool:
        """Take a key of the window where it means something here; False where it does not."""
        return False

    def typed(self, text: str) -> None:
        """Take what a keyboard wrote, where this `takes_text`."""

    def focus(self, focused: bool) -> None:
        """Draw the ring of the keypad's focus, or take it away."""
        self.focused = focused
        self._ring_colour.rgba = self._ring if focused else _CLEAR

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
