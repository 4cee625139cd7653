"""What people see. Each file draws one kind of state and sends events; none decides anything.

`Screens` picks the screen of a state, keeps what was lettered until the visit ends, and moves the keypad's focus.
"""

from collections.abc import Callable, Hashable
from importlib import import_module
from typing import Any

from kivy.core.window import Window

from devices.keypad.events import Key
from kiosk import visit_state as states
from kiosk.text import Letterer
from kiosk.theme import Theme
from kiosk.visit_events import Event
from kiosk.words import words_of

from . import home
from .board import Board, Pen
from .focus import KEYBOARD, TAB, Focus
from .home import Lobby
from .letting_go import let_go


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
        self._focus = Focus()
        self._held: set[int] = set()
        window: Any = Window
        window.bind(on_key_down=self._on_key, on_key_up=self._on_key_up, on_touch_down=self._on_touch)
        window.clearcolor = self._theme.palette.paper  # the ground of every screen, without drawing it twice

    def build(self, state: states.VisitState, send: Callable[[Event], None]) -> Board:
        """Draw a state as a widget of the window's size.

        The screen built before is emptied: it must be removed before the next frame.
        """
        if isinstance(state, states.Home):
            return self.compose(state.language, lambda pen: home.build(pen, state, send, self._lobby), states.Home)
        from .in_visit import draw

        return self.compose(state.language, lambda pen: draw(pen, state, send), type(state))

    def compose(self, language: states.ScreenLanguage, draw: Callable[[Pen], None], kind: Hashable) -> Board:
        """Draw anything as the screen that is shown next; as `build`. The focus stays on a screen of the same kind."""
        if self._board is not None:
            let_go(self._board)
        board = Board(self._theme)
        words = words_of(language)
        draw(Pen(self._theme, words, self._letterer, board))
        self._board = board
        self._focus.shown(board, words.direction, kind)
        return board

    def prepare(self) -> None:
        """Import what home does not need: after the first picture, so that no visitor waits for it either."""
        import_module("zoneinfo")  # the times of a status
        import_module("kiosk.screens.in_visit")

    def forget(self) -> None:
        """Drop everything that was lettered for the visit, and the focus."""
        self._letterer.forget()
        self._focus.hide()

    def close(self) -> None:
        """Let go of the window."""
        window: Any = Window
        window.unbind(on_key_down=self._on_key, on_key_up=self._on_key_up, on_touch_down=self._on_touch)

    def _on_key(self, _window: object, key: int, _scan: int, _text: str | None, modifiers: list[str]) -> bool:
        """Take the keys of a keypad or keyboard. A key that is held down is one press."""
        if key in self._held:
            return True
        self._held.add(key)
        if key == TAB:
            self._focus.move(-1 if "shift" in modifiers else 1)
        elif key in KEYBOARD:
            self._focus.key(KEYBOARD[key])
        return key == TAB or key in KEYBOARD

    def _on_key_up(self, _window: object, key: int, *_: object) -> None:
        self._held.discard(key)
        if KEYBOARD.get(key) is Key.OK:
            self._focus.release()

    def _on_touch(self, *_: object) -> None:
        self._focus.hide()
