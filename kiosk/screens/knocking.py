"""Notices a hand in the panel's upper corners, for the staff corner; draws nothing, and takes no touch from anybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from kivy.uix.widget import Widget

from kiosk.staff_events import Corner, CornerPressed, CornerReleased, Direction, KnockBroken, KnockEvent

from .board import Board

_TOUCHED: Final = "istilam.corner"
CORNER_MM: Final = 25
DIRECTIONS: Final[dict[int, Direction]] = {273: "up", 274: "down", 275: "right", 276: "left"}
"""Of the five keys, by the window's key codes; the fifth presses something, and is no part of the gesture."""


@dataclass(slots=True)
class Hand:
    """Whether a corner was touched, and nothing else since: kept while screens are drawn anew."""

    knocking: bool = False


class Corners(Widget):
    """Over a whole screen; a corner is a square of `side` pixels. A touch remembers its corner over a new drawing."""

    def __init__(self, board: Board, side: float, hand: Hand, tell: Callable[[KnockEvent], None]) -> None:
        super().__init__(size_hint=(None, None), size=board.size, pos=(0, 0))
        self._side = side
        self._hand = hand
        self._tell = tell

    def on_touch_down(self, touch: Any) -> bool:
        corner = self._corner(touch)
        if corner is None:
            self._break()
        else:
            touch.ud[_TOUCHED] = corner
            self._hand.knocking = True
            self._tell(CornerPressed(corner))
        return False

    def on_touch_up(self, touch: Any) -> bool:
        began = touch.ud.pop(_TOUCHED, None)
        if began is not None and self._corner(touch) is began:
            self._tell(CornerReleased(began))
        elif began is not None:
            self._break()
        return False

    def _break(self) -> None:
        if self._hand.knocking:
            self._hand.knocking = False
            self._tell(KnockBroken())

    def on_touch_move(self, touch: Any) -> bool:
        return False

    def _corner(self, touch: Any) -> Corner | None:
        if touch.y < self.top - self._side:
            return None
        if touch.x <= self._side:
            return Corner.LEFT
        return Corner.RIGHT if touch.x >= self.right - self._side else None
