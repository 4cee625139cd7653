"""A terminal's window: draws a flow's state, turns touches and keys into its events, and carries out its effects.

Everything of a visit happens on the one thread of the window. Other threads (look-up, sync, devices) hand their events
to `post`.
"""

import gc
import queue
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from devices.keypad.events import Key

from .visit_events import Ticked, Touched, Wipe
from .visit_state import Closed, Home, OutOfOrder, Reading
from .window import finish_frame, let_go_of_frame

if TYPE_CHECKING:
    from kivy.core.window import WindowBase
    from kivy.uix.widget import Widget

# A lobby is empty most of the day. Resting, the window looks for touches twenty times a second, which costs next to
# nothing, and turns Kivy's whole loop four times; what devices and look-ups say wakes it at once. Kivy's own pace, a
# sleep that nothing interrupts, costs either an idle processor or every first tap.
AWAKE_FRAME: Final = 1 / 60
RESTING_FRAME: Final = 1 / 4
AWAKE_LOOK_FOR_TOUCHES: Final = 1 / 250
RESTING_LOOK_FOR_TOUCHES: Final = 1 / 20
RESTS_AFTER: Final = 3.0
TICK_SECONDS: Final = 0.5
# Looking through everything for reference cycles takes 75 ms, which fell on every tenth answer: it waits until home is
# back, where it takes a few, and otherwise for this many times the usual. Through what a screen is made of, 3 ms of
# every answer: that waits for a turn after its picture is complete.
_WHOLE_COLLECTIONS_RARER: Final = 100
_COLLECTIONS_RARER: Final = 30
_NOT_THE_OLDEST: Final = 1
# Most slips are answered sooner than this: a screen that flashes by tells nobody anything.
READING_SHOWN_AFTER: Final = 0.15
# The keypad's keys as a keyboard would send them to the window, by Kivy's numbers.
KEYS: Final = {
    Key.UP: 273,
    Key.DOWN: 274,
    Key.RIGHT: 275,
    Key.LEFT: 276,
    Key.OK: 13,
    Key.LOUDER: 1073741952,
    Key.SOFTER: 1073741953,
}

StateT = TypeVar("StateT")
EventT = TypeVar("EventT")
EffectT = TypeVar("EffectT")
State_co = TypeVar("State_co", covariant=True)
State_contra = TypeVar("State_contra", contravariant=True)
Event_co = TypeVar("Event_co", covariant=True)
Event_contra = TypeVar("Event_contra", contravariant=True)
Effect_co = TypeVar("Effect_co", covariant=True)


class Screens(Protocol[State_contra, Event_co]):
    """Draws a state as a widget of the window's size; what is done in it goes to `send`."""

    def build(self, state: State_contra, send: Callable[[Event_co], None]) -> "Widget": ...

    def forget(self) -> None:
        """Drop everything that was lettered for the visit."""
        ...


class AnyFlow(Protocol[State_co, Event_contra, Effect_co]):
    """A state machine that screens show: the visit, or the self-test."""

    @property
    def state(self) -> State_co: ...

    def handle(self, event: Event_contra | Ticked | Touched) -> tuple[Effect_co, ...]: ...


class ScreenApp(Generic[StateT, EventT, EffectT]):
    """One window, one flow. `perform` carries out every effect but the wipe of the screen, which is done here.

    `drawn` takes each state whose picture is complete; `turned` is called after each turn of the loop: it draws still.
    """

    def __init__(
        self,
        window: "WindowBase",
        flow: AnyFlow[StateT, EventT, EffectT],
        screens: Screens[StateT, EventT],
        perform: Callable[[EffectT], None],
        *,
        drawn: Callable[[StateT], None] = lambda _: None,
        turned: Callable[[], None] = lambda: None,
    ) -> None:
        from kivy.uix.widget import Widget

        self.window = window
        self.flow = flow
        self.root = Widget(size=window.size)
        self._screens = screens
        self._perform = perform
        self._drawn = drawn
        self._turned = turned
        self._events: queue.SimpleQueue[EventT] = queue.SimpleQueue()
        self._keys: queue.SimpleQueue[tuple[Key, bool]] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._frame = AWAKE_FRAME
        self._next_tick = 0.0
        self._shown: StateT | None = None
        self._awaits_picture = False
        self._failed: BaseException | None = None
        self._last_event = time.monotonic()
        self._littered = False
        self._frozen = False
        self._frame_kept = False
        self._made = False  # a screen, and what was left over by it was not looked for

    def run(self) -> None:
        """Draw until `stop`. An exception in any handler or draw ends the process: the next start is clean."""
        from kivy.base import EventLoop, runTouchApp, stopTouchApp

        self.window.bind(
            on_flip=self._flipped, on_touch_down=self._touched, on_mouse_down=self._woken, on_key_down=self._keyed
        )
        runTouchApp(self.root, embedded=True)
        young, middle, old = gc.get_threshold()
        gc.set_threshold(young * _COLLECTIONS_RARER, middle, old * _WHOLE_COLLECTIONS_RARER)
        try:
            EventLoop.idle()  # the first flip of a window is black, whatever is on it: let it be an empty one
            self._show_state()
            while EventLoop.status == "started":
                self._rest_until_next_frame()
                if self._failed is not None:
                    raise self._failed
                self.window.mainloop()  # Kivy's name for: take what the system has for this window
                self._handle_posted()
                self._tick()
                EventLoop.dispatch_input()  # Kivy's own turn would draw the screen once more before what it answers
                before = self._shown
                self._show_state()
                EventLoop.idle()
                if self._littered and _rests(self.flow.state):
                    self._collect()
                elif self._shown is not before:
                    self._made = True
                elif self._made:  # the picture is complete, and nobody waits for another
                    self._made = False
                    gc.collect(_NOT_THE_OLDEST)
                self._turned()
        finally:
            gc.set_threshold(young, middle, old)
            gc.unfreeze()
            stopTouchApp()

    def stop(self) -> None:
        """Close the window and return from `run`."""
        from kivy.base import stopTouchApp

        stopTouchApp()

    def fail(self, error: BaseException) -> None:
        """End the process with an exception of another thread; what that thread did would be missed without a word."""
        self._failed = error
        self._wake.set()

    def redraw(self) -> None:
        """Draw the present state once more, and report its complete picture again."""
        self._awaits_picture = True
        self.root.canvas.ask_update()

    def post(self, event: EventT) -> None:
        """Hand over an event from any thread; it is handled before the next frame."""
        self._events.put(event)
        self._wake.set()

    def wake(self) -> None:
        """Turn Kivy's loop now, resting or not: from any thread that left it something to do."""
        self._wake.set()

    def press(self, key: Key, down: bool) -> None:
        """Press a key of the keypad, or let go of it, from any thread: to the window it is a key of its keyboard."""
        self._keys.put((key, down))
        self._wake.set()

    def handle(self, event: EventT | Touched) -> None:
        """Handle one event on the window's thread."""
        self._last_event = time.monotonic()
        self._frame = AWAKE_FRAME
        self._advance(event)

    def _advance(self, event: EventT | Ticked | Touched) -> None:
        for effect in self.flow.handle(event):
            if isinstance(effect, Wipe):
                self._screens.forget()
                self._littered = True
            self._perform(effect)
        self._wake.set()

    def _handle_posted(self) -> None:
        while not self._events.empty():
            self.handle(self._events.get())
        while not self._keys.empty():
            key, down = self._keys.get()
            if down:
                self.window.dispatch("on_key_down", KEYS[key], 0, None, [])
            else:
                self.window.dispatch("on_key_up", KEYS[key], 0)

    def _tick(self) -> None:
        now = time.monotonic()
        if now < self._next_tick:
            return
        self._next_tick = now + TICK_SECONDS
        self._advance(Ticked(now))
        if _rests(self.flow.state) and now - self._last_event > RESTS_AFTER:
            self._rest()

    def _rest(self) -> None:
        if self._frame != RESTING_FRAME:
            self._frame = RESTING_FRAME
            self._collect()
        if self._frame_kept:
            self._frame_kept = False
            let_go_of_frame(self.window)

    def _collect(self) -> None:
        """Let go of what visits left in circles, such as the lines of round shapes: 0.4 MB a visit."""
        gc.collect()
        self._littered = False
        if not self._frozen:  # not asked of the collector: it counts them, which takes as long as to collect
            self._frozen = True
            gc.freeze()  # modules, words, fonts: what is there now stays, and is not looked through again

    def _rest_until_next_frame(self) -> None:
        look = RESTING_LOOK_FOR_TOUCHES if self._frame == RESTING_FRAME else AWAKE_LOOK_FOR_TOUCHES
        until = time.monotonic() + self._frame
        while (left := until - time.monotonic()) > 0 and not self._wake.wait(min(left, look)):
            self.window.mainloop()
        self._wake.clear()

    def _woken(self, *_: object) -> None:
        self.wake()

    def _touched(self, *_: object) -> None:
        self.handle(Touched())

    def _keyed(self, *_: object) -> bool:
        """Take note of a key before the screen does; one that wakes the screen goes no further."""
        state = self.flow.state
        wakes = isinstance(state, Home) and state.dimmed
        self.handle(Touched())
        return wakes

    def _show_state(self) -> None:
        """Draw the flow's state if it is another than the one on the screen."""
        state = self.flow.state
        if not self._suited() and state == self._shown:
            return
        if isinstance(state, Reading) and time.monotonic() - self._last_event < READING_SHOWN_AFTER:
            return
        old = list(self.root.children)
        screen = self._screens.build(state, self.handle)
        self.root.add_widget(screen)
        for widget in old:
            self.root.remove_widget(widget)
        self._shown = state
        self._awaits_picture = True
        self.root.canvas.ask_update()

    def _suited(self) -> bool:
        """Draw from now on as the visitor wants it; tells whether that is otherwise than before."""
        return False

    def _flipped(self, *_: object) -> None:
        finish_frame()
        self._frame_kept = True
        if self._awaits_picture and self._shown is not None:
            self._awaits_picture = False
            self._drawn(self._shown)


def _rests(state: object) -> bool:
    """Tell whether nobody uses the screen, and nothing on it moves."""
    return isinstance(state, Closed | OutOfOrder) or (isinstance(state, Home) and state.held is None)
