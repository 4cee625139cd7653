"""What people see. Each file draws one kind of state and sends events; none decides anything.

`Screens` picks the screen of a state, keeps what was lettered until the visit ends, and moves the keypad's focus.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from kivy.core.window import Window

from kiosk import visit_state as states
from kiosk.text import Letterer
from kiosk.theme import Theme
from kiosk.visit_events import Event
from kiosk.words import words_of

from . import home
from .board import Board, Pen
from .home import Lobby
from .letting_go import let_go
from .press import Pressable

_TAB: Final = 9
_UP: Final = 273
_DOWN: Final = 274
_ENTER: Final = frozenset({13, 271})


class Screens:
    """The screens of one terminal: `size` in pixels, its name, and the panel's density where it is known.

    `clock` gives seconds since 1970 (UTC), or None while it is not trusted; home then shows no time.
    """

    def __init__(
        self,
        size: tuple[int, int],
        terminal: str,
        *,
        clock: Callable[[], int | None] = lambda: None,
        pixels_per_mm: float | None = None,
    ) -> None:
        self._theme = Theme(*size, pixels_per_mm=pixels_per_mm)
        self._lobby = Lobby(terminal, clock)
        self._letterer = Letterer()
        self._board: Board | None = None
        self._focused: str | None = None
        window: Any = Window
        window.bind(on_key_down=self._on_key)
        window.clearcolor = self._theme.palette.paper  # the ground of every screen, without drawing it twice

    def build(self, state: states.VisitState, send: Callable[[Event], None]) -> Board:
        """Draw a state as a widget of the window's size.

        The screen built before is emptied: it must be removed before the next frame.
        """
        if isinstance(state, states.Home):
            return self.compose(state.language, lambda pen: home.build(pen, state, send, self._lobby))
        from .in_visit import draw

        return self.compose(state.language, lambda pen: draw(pen, state, send))

    def compose(self, language: states.ScreenLanguage, draw: Callable[[Pen], None]) -> Board:
        """Draw anything as the screen that is shown next; as `build`."""
        if self._board is not None:
            let_go(self._board)
        board = Board(self._theme)
        draw(Pen(self._theme, words_of(language), self._letterer, board))
        self._board = board
        if self._focused is not None:
            self._focus(self._focused)
        return board

    def prepare(self) -> None:
        """Import what home does not need: after the first picture, so that no visitor waits for it either."""
        import_module("zoneinfo")  # the times of a status
        import_module("kiosk.screens.in_visit")

    def forget(self) -> None:
        """Drop everything that was lettered for the visit, and the focus."""
        self._letterer.forget()
        self._focused = None

    def close(self) -> None:
        """Let go of the window."""
        window: Any = Window
        window.unbind(on_key_down=self._on_key)

    def _on_key(self, _window: object, key: int, _scan: int, _text: str | None, modifiers: list[str]) -> bool:
        """Tab and Down move the focus on, Shift+Tab and Up back, Enter presses: what keypads for the blind send."""
        targets = self._targets()
        if not targets:
            return False
        names = [target.name for target in targets]
        if key in _ENTER:
            chosen = next((target for target in targets if target.name == self._focused), None)
            if chosen is not None:
                chosen.do()
            return chosen is not None
        if key not in (_TAB, _UP, _DOWN):
            return False
        step = -1 if key == _UP or "shift" in modifiers else 1
        at = names.index(self._focused) + step if self._focused in names else min(0, step)
        self._focus(names[at % len(names)])
        return True

    def _focus(self, name: str) -> None:
        self._focused = name
        for target in self._targets():
            target.focus(target.name == name)

    def _targets(self) -> list[Pressable]:
        """What can be pressed, the main action first."""
        if self._board is None:
            return []
        return [widget for widget in reversed(list(self._board.walk())) if isinstance(widget, Pressable)][::-1]
