"""What can be pressed: it shows the finger at once, and acts when the finger leaves it.

A screen may be drawn again between the two (a countdown, a printer that reports): what was touched is remembered by the
touch itself, under the widget's name, so that no press is lost.
"""

from collections.abc import Callable
from typing import Any, Final

from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.uix.widget import Widget

from kiosk.theme import Colour

_TOUCHED: Final = "istilam.touched"
_CLEAR: Final[Colour] = (0.0, 0.0, 0.0, 0.0)


class Pressable(Widget):
    """A named target. `focused` draws a ring around it, for keypads that send Tab and Enter."""

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
    ) -> None:
        super().__init__(size_hint=(None, None), pos=pos, size=size)
        self.name = name
        self.do = do
        self._fill = fill
        self._pressed = pressed
        self._ring = ring
        around = 3 * line_width
        (x, y), (width, height) = pos, size
        with self.canvas.before:
            self._ring_colour = Color(*_CLEAR)
            SmoothRoundedRectangle(
                pos=(x - around, y - around), size=(width + 2 * around, height + 2 * around), radius=[radius + around]
            )
            Color(*line)
            SmoothRoundedRectangle(pos=pos, size=size, radius=[radius])
            self._colour = Color(*fill)
            SmoothRoundedRectangle(
                pos=(x + line_width, y + line_width),
                size=(width - 2 * line_width, height - 2 * line_width),
                radius=[max(1.0, radius - line_width)],
            )

    def focus(self, focused: bool) -> None:
        """Draw the ring of the keypad's focus, or take it away."""
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
