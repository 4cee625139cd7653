"""The way into the staff corner: a gesture that idle hands do not make, by touch or by five keys.

By touch: the upper left corner of the panel held for two to six seconds, then the upper right one as long, with nothing
else touched. By keys: up, up, down, down, left, right, left, right. Neither presses anything: a visitor who makes a
part of it sees nothing.
"""

from typing import Final

from kiosk.staff_events import Corner, CornerPressed, CornerReleased, Direction, KnockBroken, KnockEvent, Steered

HOLD_AT_LEAST: Final = 2.0
HOLD_AT_MOST: Final = 6.0
"""A hand that leans on the panel stays longer."""
NEXT_WITHIN: Final = 4.0
KEYS: Final[tuple[Direction, ...]] = ("up", "up", "down", "down", "left", "right", "left", "right")
KEYS_WITHIN: Final = 12.0
"""Seconds."""


class Knock:
    """Follows one hand. `now` is monotonic seconds, as of the last tick: half a second more or less is no matter."""

    def __init__(self) -> None:
        self._held: tuple[Corner, float] | None = None
        self._first: float | None = None
        """When the left corner was let go, having been held for long enough."""
        self._keys: tuple[tuple[Direction, float], ...] = ()

    def heard(self, event: KnockEvent, now: float) -> bool:
        """Take what the hand did; tells whether the gesture is complete."""
        match event:
            case CornerPressed(corner):
                self._pressed(corner, now)
                return False
            case CornerReleased(corner):
                return self._released(corner, now)
            case KnockBroken():
                self._held = self._first = None
                return False
            case Steered(key):
                return self._steered(key, now)

    def _pressed(self, corner: Corner, now: float) -> None:
        in_time = self._first is not None and now - self._first <= NEXT_WITHIN
        if self._held is not None or (corner is Corner.RIGHT and not in_time):
            self._held = self._first = None  # a second finger, or the wrong corner first
            return
        self._held = corner, now

    def _released(self, corner: Corner, now: float) -> bool:
        held, self._held = self._held, None
        first, self._first = self._first, None
        if held is None or held[0] is not corner or not HOLD_AT_LEAST <= now - held[1] <= HOLD_AT_MOST:
            return False
        if corner is Corner.LEFT:
            self._first = now
            return False
        return first is not None

    def _steered(self, key: Direction, now: float) -> bool:
        pressed_now: tuple[tuple[Direction, float], ...] = (*self._keys, (key, now))
        self._keys = pressed_now[-len(KEYS) :]
        pressed = tuple(one for one, _ in self._keys)
        if pressed != KEYS or now - self._keys[0][1] > KEYS_WITHIN:
            return False
        self._keys = ()
        return True
