"""Where the keys stand: five keys (or Tab and Enter) reach everything that a finger reaches.

The order is that of reading: row under row, and in a row from the side where reading starts. Up and down go through it
one by one, left and right as well, the way they point. Nothing is pressed before a key has shown where it stands.
"""

from collections.abc import Callable, Hashable
from typing import Final

from devices.keypad.events import Key
from devices.lettering import Direction

from .board import Board
from .press import WHOLE, Cover, Holdable, Pressable, WholeScreen
from .told import label_of

KEYBOARD: Final = {
    273: Key.UP,
    274: Key.DOWN,
    275: Key.RIGHT,
    276: Key.LEFT,
    13: Key.OK,
    271: Key.OK,  # Enter of a number pad
}
"""The window's key codes, for keypads that are keyboards to the system."""
TAB: Final = 9
LOUDNESS: Final = {1073741952: 1, 1073741953: -1}
"""The window's codes of the keys louder and softer, and their steps: such keys lead nowhere."""
_SIDES: Final = {Key.RIGHT: 275, Key.LEFT: 276}
"""Where the focus stands on a field, these move its cursor; up and down lead on."""


class Focus:
    """The focus on the board that was shown last; `current` is the target that has it, None while no key was used.

    `tell` takes each target that the focus comes to. For who listens, the screen itself is the first target: the focus
    begins there, and tells it again when it comes back.
    """

    def __init__(self, tell: Callable[[Pressable], None]) -> None:
        self._tell = tell
        self._board: Board | None = None
        self._direction = Direction.LTR
        self._kind: Hashable = None
        self._name: str | None = None
        self._at = 0
        self._told: tuple[str, str] | None = None
        self._held: Holdable | None = None

    @property
    def current(self) -> Pressable | None:
        return next((target for target in self._targets() if target.name == self._name), None)

    @property
    def field(self) -> Pressable | None:
        """What on the board is typed into, wherever the focus stands."""
        return next((target for target in self._targets() if target.takes_text), None)

    def shown(self, board: Board, direction: Direction, kind: Hashable) -> None:
        """Follow to a board: to the same target where the same kind of screen is drawn again, else to its main one."""
        again = kind == self._kind
        self._board, self._direction, self._kind = board, direction, kind
        if self._name is None and not any(isinstance(target, WholeScreen) for target in self._targets()):
            return
        if not again or self._name is None:
            self._begin()
            if isinstance(self.current, WholeScreen):
                self._told = (WHOLE, "")  # it is being told, because it came
        self._settle()

    def key(self, key: Key) -> None:
        """Move by a key, or press what it stands on."""
        if key is Key.OK:
            self._press()
            return
        if key in _SIDES and self.current is not None and self.current.key(_SIDES[key], []):
            return
        forward = Key.RIGHT if self._direction is Direction.LTR else Key.LEFT
        self.move(1 if key in {Key.DOWN, forward} else -1)

    def release(self) -> None:
        """Let go of what was held by the key that presses, wherever the focus went meanwhile."""
        held, self._held = self._held, None
        if held is not None:
            held.release()

    def move(self, step: int) -> None:
        """Go to the next target (1) or the one before (-1), round and round; the first key shows the main one."""
        targets = self._targets()
        if not targets:
            return
        if self.current is None:
            self._begin()
        else:
            names = [target.name for target in targets]
            self._name = names[(names.index(self.current.name) + step) % len(names)]
        self._told = None
        self._settle()

    def hide(self) -> None:
        """Take the ring away: a finger is at work, or the visit is over."""
        self._name = self._told = None
        for target in self._targets():
            target.focus(False)

    def _press(self) -> None:
        target = self.current
        if target is None:  # nothing is pressed unseen
            self.move(1)
            return
        if isinstance(target, Holdable):
            self._held = target
        target.do()
        self._settle()  # a page was turned: what was pressed may be gone, or another of the same name

    def _begin(self) -> None:
        targets = self._targets()
        first = targets[0] if targets else None
        if isinstance(first, WholeScreen):
            self._name = first.name
            return
        main = next((target for target in targets if target.main), first)
        self._name = main.name if main else self._name

    def _settle(self) -> None:
        """Draw the ring; where the target is gone, on the one that took its place."""
        targets = self._targets()
        if self._name is None or not targets:
            return
        names = [target.name for target in targets]
        if self._name not in names:
            self._name = names[min(self._at, len(names) - 1)]
        self._at = names.index(self._name)
        for target in targets:
            target.focus(target.name == self._name)
            if target.focused:
                self._say(target)

    def _say(self, target: Pressable) -> None:
        """Tell of it once, however often its screen is drawn."""
        told = (target.name, label_of(target) + "+" * target.chosen)
        if told != self._told:
            self._told = told
            self._tell(target)

    def _targets(self) -> list[Pressable]:
        if self._board is None:
            return []
        targets = [widget for widget in self._board.walk(restrict=True) if isinstance(widget, Pressable)]
        return in_reading_order(targets, self._direction)


def in_reading_order(targets: list[Pressable], direction: Direction) -> list[Pressable]:
    """Sort by rows from the top; what overlaps the upper one's middle stands in its row."""
    whole = [target for target in targets if isinstance(target, WholeScreen)]
    cover = [target for target in targets if isinstance(target, Cover)]
    laid_out = [target for target in targets if not isinstance(target, WholeScreen | Cover)]
    rows: list[list[Pressable]] = []
    for target in sorted(laid_out, key=lambda one: -one.top):
        if rows and target.center_y > rows[-1][0].y:
            rows[-1].append(target)
        else:
            rows.append([target])
    rtl = direction is Direction.RTL
    in_rows = [target for row in rows for target in sorted(row, key=lambda one: -one.right if rtl else one.x)]
    return [*whole, *in_rows, *cover]
