"""What people see. Each file draws one kind of state and sends events; none decides anything.

`Screens` picks the screen of a state, keeps what was lettered until the visit ends, and moves the keypad's focus.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from functools import partial
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any

from kivy.core.window import Window

from devices.keypad.events import Key
from kiosk import visit_state as states
from kiosk.camera import CameraView
from kiosk.comfort import Comfort
from kiosk.guide_state import ShowTopic
from kiosk.speech.said import Hearing
from kiosk.staff_events import Steered
from kiosk.text import Letterer
from kiosk.theme import USUAL, Theme
from kiosk.visit_events import ComfortChosen, Event
from kiosk.words import Words, words_of

from . import home
from .board import Board, Pen
from .focus import KEYBOARD, LOUDNESS, TAB, Focus
from .home import Lobby
from .knocking import CORNER_MM, DIRECTIONS, Corners, Hand
from .letting_go import let_go
from .pages import faults_on, page_read, turn_to
from .parts import place_parts
from .press import Pressable, WholeScreen, forget_fingers
from .told import label_of, texts_of

if TYPE_CHECKING:
    from kiosk.speech.narrator import Narrator
    from kiosk.staff_events import KnockEvent


class Screens:
    """The screens of one terminal: `size` in pixels, its name, and the panel's density where it is known.

    `clock` gives seconds since 1970 (UTC), or None while it is not trusted; home then shows no time. `camera`: what the
    scanner's camera sees, where it is one.
    """

    def __init__(
        self,
        size: tuple[int, int],
        terminal: str,
        *,
        clock: Callable[[], int | None] = lambda: None,
        camera: CameraView | None = None,
        pixels_per_mm: float | None = None,
    ) -> None:
        self._panel = self._theme = Theme(*size, pixels_per_mm=pixels_per_mm)
        self._comfort = Comfort()
        self._narrator: Narrator | None = None
        self._usual_volume: Callable[[], int] = lambda: 0
        self._suit: Callable[[Comfort], None] | None = None
        self._knocked: Callable[[KnockEvent], None] | None = None  # while nobody uses the screen
        self._hand = Hand()
        self._lobby = Lobby(terminal, clock, camera or CameraView())
        self._letterer = Letterer()
        self._board: Board | None = None
        self.letters = USUAL
        """The size of letters on the screen that was drawn last, in percent."""
        self.in_parts = False
        """Whether the screen that was drawn last is looked at part by part: its letters leave it no room at once."""
        self._focus = Focus(self._tell_target)
        self._about: Hashable = None
        self._held: set[int] = set()
        self._repeats = False
        self._bindings = {
            "on_key_down": self._on_key,
            "on_key_up": self._on_key_up,
            "on_textinput": self._on_text,
            "on_touch_down": self._on_touch,
        }
        window: Any = Window
        window.bind(**self._bindings)
        window.clearcolor = self._theme.palette.paper  # the ground of every screen, without drawing it twice

    def build(self, state: states.VisitState, send: Callable[[Event], None]) -> Board:
        """Draw a state as a widget of the window's size.

        The screen built before is emptied: it must be removed before the next frame.
        """

        def suit(comfort: Comfort) -> None:
            send(ComfortChosen(comfort))

        if self._comfort.choosing or not isinstance(state, states.Home) or state.held is None:
            self._lobby.camera.close()
        if self._comfort.choosing:
            from .comfort import build

            volume = self._usual_volume()
            board = self.compose(state.language, lambda pen: build(pen, self._comfort, suit, volume), Comfort, suit)
        elif isinstance(state, states.Home):
            draw_home = partial(home.build, state=state, send=send, lobby=self._lobby)
            board = self.compose(state.language, draw_home, states.Home, suit)
            if state.dimmed:
                home.dim(board, self._theme.palette.shade)
        else:
            from .in_visit import draw

            board = self.compose(
                state.language, lambda pen: draw(pen, state, send), type(state), suit, _tells_of(state)
            )
        self._knocked = None
        if isinstance(state, states.Home | states.Closed | states.OutOfOrder) and not self._comfort.choosing:
            self._knocked = send
            board.add_widget(Corners(board, CORNER_MM * self._theme.density, self._hand, send))
        if self._narrator is not None:
            direction = words_of(state.language).direction
            told = self._comfort if self._comfort.choosing else state
            self._narrator.shown(told, state.language, texts_of(board, direction), self._comfort.hearing)
        return board

    def suit(self, comfort: Comfort) -> None:
        """Draw, and speak, from the next screen on as a visitor wants it."""
        self._comfort = comfort
        self._theme = self._panel.suited(comfort)
        window: Any = Window
        window.clearcolor = self._theme.palette.paper

    def speak_by(self, narrator: "Narrator", volume: Callable[[], int]) -> None:
        """Let a narrator follow the screens from now on, at the terminal's `volume`, 0 to 100."""
        self._narrator = narrator
        self._usual_volume = volume

    def loudness(self) -> int:
        """Return how loud the voice is now, 0 to 100; from any thread."""
        return self._comfort.loudness(self._usual_volume())

    @property
    def tells_an_ear(self) -> bool:
        """Whether somebody at the headphones is being told something."""
        return self._narrator is not None and self._narrator.in_an_ear

    def compose(
        self,
        language: states.ScreenLanguage,
        draw: Callable[[Pen], None],
        kind: Hashable,
        suit: Callable[[Comfort], None] | None = None,
        about: Hashable = None,
    ) -> Board:
        """Draw anything as the screen that is shown next; as `build`. The focus stays on a screen of the same kind.

        `suit` takes how a visitor wants the screen; without it he is not asked. `about`: what it tells of: while that
        is the same, the page that is being read stays.
        """
        about = (kind, language, about)
        read = page_read(self._board) if about == self._about else 0
        self._about = about
        if self._board is not None:
            let_go(self._board)
        words = words_of(language)
        pen = self._drawn(draw, lambda theme: self._pen(theme, words, suit))
        board = pen.board
        turn_to(board, read)
        self.letters = pen.theme.text
        self._suit = suit
        if suit is not None and self._comfort.blank:
            from .comfort import cover

            cover(pen, self._comfort, suit)
        if self._narrator is not None and self._comfort.hearing is Hearing.EAR:
            pen.whole(self._tell_again)
        self._board = board
        self._focus.shown(board, words.direction, kind)
        return board

    def _pen(self, theme: Theme, words: Words, suit: Callable[[Comfort], None] | None) -> Pen:
        speaks = self._narrator is not None
        tell = self._tell_again if speaks and self._comfort.hearing is Hearing.EAR else None
        return Pen(theme, words, self._letterer, Board(theme), self._comfort, suit, speaks=speaks, tell=tell)

    def _drawn(self, draw: Callable[[Pen], None], pen_of: Callable[[Theme], Pen]) -> Pen:
        """Draw with letters as large as wanted, part by part where the panel cannot hold them; return the pen."""
        self.in_parts = False
        for theme, spares, in_parts in self._themes():
            pen = replace(pen_of(theme), spares=spares)
            self.in_parts = in_parts and place_parts(pen, draw)
            if not in_parts:
                draw(pen)
            if theme == self._last_resort:
                return pen
            if self.in_parts or (not in_parts and not faults_on(pen.board)):
                return pen
            let_go(pen.board)
        raise AssertionError("the last resort is always tried")

    def _themes(self) -> Iterator[tuple[Theme, bool, bool]]:
        """Letters as large as wanted: at once, without what can be spared, part by part; where none holds, smaller.

        Gives the theme, whether spare actions are left out, and whether it is looked at part by part.
        """
        for size in self._theme.steps:
            theme = replace(self._theme, text=size)
            yield theme, False, False
            if size > USUAL:
                yield theme, True, False
                yield theme, True, True

    @property
    def _last_resort(self) -> Theme:
        return replace(self._theme, text=USUAL)

    def prepare(self) -> None:
        """Import what home does not need: after the first picture, so that no visitor waits for it either."""
        import_module("zoneinfo")  # the times of a status
        import_module("kiosk.screens.in_visit")

    def forget(self) -> None:
        """Drop everything that was lettered for the visit, the focus and fingers; the terminal's own words may stay."""
        self._letterer.forget(chain.from_iterable(words_of(language).own() for language in states.SCREEN_LANGUAGES))
        self._focus.hide()
        forget_fingers()
        self._about = None
        if self._narrator is not None:
            self._narrator.wipe()

    def close(self) -> None:
        """Let go of the window."""
        window: Any = Window
        window.unbind(**self._bindings)

    def _on_key(self, _window: object, key: int, _scan: int, _text: str | None, modifiers: list[str]) -> bool:
        """Take the keys of a keypad or keyboard. A key that is held down is one press."""
        self._repeats = key in self._held
        if self._repeats:
            return True
        self._held.add(key)
        self._hush()
        if self._knocked is not None and (direction := DIRECTIONS.get(key)) is not None:
            self._knocked(Steered(direction))
        if key in LOUDNESS:
            self._turn_volume(LOUDNESS[key])
            return True
        if key == TAB:
            self._focus.move(-1 if "shift" in modifiers else 1)
        elif (field := self._focus.field) is not None and (key not in KEYBOARD or "shift" in modifiers):
            return field.key(key, modifiers)
        elif key in KEYBOARD:
            self._focus.key(KEYBOARD[key])
        return key == TAB or key in KEYBOARD

    def _turn_volume(self, step: int) -> None:
        """Make the headphones louder (1) or softer (-1), from any screen; what is for the lobby is not turned here."""
        if self._suit is None or self._narrator is None or self._comfort.hearing is not Hearing.EAR:
            return
        louder = self._comfort.louder(step, self._usual_volume())
        self._suit(louder)
        self.suit(louder)  # now: what is said next tells how loud it is
        self._narrator.volume_is(self.loudness())

    def _on_key_up(self, _window: object, key: int, *_: object) -> None:
        self._held.discard(key)
        if KEYBOARD.get(key) is Key.OK:
            self._focus.release()

    def _on_text(self, _window: object, text: str) -> bool:
        """Take what a keyboard wrote, in whatever script: digits of an Arabic keyboard are no key codes."""
        field = self._focus.field
        if field is not None and not self._repeats:
            self._hush()
            field.typed(text)
        return field is not None

    def _on_touch(self, *_: object) -> None:
        self._hush()
        self._focus.hide()

    def _hush(self) -> None:
        if self._narrator is not None:
            self._narrator.hush()

    def _tell_again(self) -> None:
        if self._narrator is not None:
            self._narrator.again()

    def _tell_target(self, target: Pressable) -> None:
        if isinstance(target, WholeScreen):
            self._tell_again()
        elif self._narrator is not None:
            self._narrator.focused(target.name, label_of(target), chosen=target.chosen)


def _tells_of(state: states.VisitState) -> Hashable:
    """Return which file or topic a screen is about, where another one may follow on a screen of the same kind."""
    match state:
        case states.ShowStatus():
            return state.sheet.status.tracking
        case ShowTopic():
            return state.topic.key
        case _:
            return None
