"""The terminal's window: draws the flow's state, turns touches and keys into its events, and carries out its effects.

Everything of a visit happens on the one thread of the window. Other threads (look-up, sync, devices) hand their events
to `post`.
"""

import queue
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from .flow import Flow
from .visit_events import Effect, Event, Ticked, Touched, Wipe
from .visit_state import Home, OutOfOrder, VisitState

if TYPE_CHECKING:
    from kivy.core.window import WindowBase
    from kivy.uix.widget import Widget

# Kivy's clock wakes as often as it may draw. A lobby is empty most of the day: twelve times a second still takes the
# first tap within a tenth of a second, and costs a fifth of sixty.
AWAKE_FPS: Final = 60
RESTING_FPS: Final = 12
RESTS_AFTER: Final = 3.0
TICK_SECONDS: Final = 0.5


class Screens(Protocol):
    """Draws a state as a widget of the window's size; what the visitor does in it goes to `send`."""

    def build(self, state: VisitState, send: Callable[[Event], None]) -> "Widget": ...

    def forget(self) -> None:
        """Drop everything that was lettered for the visit."""
        ...


class TerminalApp:
    """One window, one flow. `perform` carries out every effect but the wipe of the screen, which is done here."""

    def __init__(
        self,
        window: "WindowBase",
        flow: Flow,
        screens: Screens,
        perform: Callable[[Effect], None],
        *,
        drawn: Callable[[VisitState], None] = lambda _: None,
    ) -> None:
        from kivy.clock import Clock
        from kivy.uix.widget import Widget

        self.window = window
        self.flow = flow
        self.root = Widget(size=window.size)
        self._screens = screens
        self._perform = perform
        self._drawn = drawn
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._clock = Clock
        self._take = Clock.create_trigger(lambda _: self._handle_posted(), -1)
        self._shown: VisitState | None = None
        self._flips_until_complete = 0
        self._last_event = time.monotonic()

    def run(self) -> None:
        """Draw until `stop`. An exception in any handler or draw ends the process: the next start is clean."""
        from kivy.base import runTouchApp

        self.window.bind(on_flip=self._flipped, on_touch_down=self._touched)
        self._clock.schedule_interval(lambda _: self._tick(), TICK_SECONDS)
        self._show(self.flow.state)
        runTouchApp(self.root)

    def stop(self) -> None:
        """Close the window and return from `run`."""
        from kivy.base import stopTouchApp

        stopTouchApp()

    def redraw(self) -> None:
        """Draw the present state once more, and report its complete picture again."""
        if self._flips_until_complete == 0:
            self._flips_until_complete = 2
            self.root.canvas.ask_update()

    def post(self, event: Event) -> None:
        """Hand over an event from any thread; it is handled before the next frame."""
        self._events.put(event)
        self._take()

    def handle(self, event: Event) -> None:
        """Handle one event on the window's thread."""
        self._last_event = time.monotonic()
        self._set_fps(AWAKE_FPS)
        self._advance(event)

    def _advance(self, event: Event) -> None:
        for effect in self.flow.handle(event):
            if isinstance(effect, Wipe):
                self._screens.forget()
            self._perform(effect)
        if self.flow.state != self._shown:
            self._show(self.flow.state)

    def _handle_posted(self) -> None:
        while not self._events.empty():
            self.handle(self._events.get())

    def _tick(self) -> None:
        now = time.monotonic()
        self._advance(Ticked(now))
        if isinstance(self.flow.state, Home | OutOfOrder) and now - self._last_event > RESTS_AFTER:
            self._set_fps(RESTING_FPS)

    def _touched(self, *_: object) -> None:
        self.handle(Touched())

    def _show(self, state: VisitState) -> None:
        old = list(self.root.children)
        screen = self._screens.build(state, self.handle)
        self.root.add_widget(screen)
        for widget in old:
            self.root.remove_widget(widget)
        self._shown = state
        self._flips_until_complete = 2  # Kivy flips once before a new tree is drawn whole
        self.root.canvas.ask_update()

    def _flipped(self, *_: object) -> None:
        if self._flips_until_complete == 0 or self._shown is None:
            return
        self._flips_until_complete -= 1
        if self._flips_until_complete:
            self.root.canvas.ask_update()
        else:
            self._drawn(self._shown)

    def _set_fps(self, fps: int) -> None:
        # Kivy reads its setting once; the clock's own field is the one way to change it at run time (kivy 2.3).
        self._clock._max_fps = fps  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
