"""The keypad as its supervisor runs it."""

from collections.abc import Callable

from devices import wire
from devices.address import Absent, keypad_address
from devices.child import Child, DriverProcess
from devices.keypad.events import JackChanged, Key, KeypadChanged, KeypadEvent, KeyPressed, KeyReleased
from devices.keypad.states import KeypadOffline, KeypadReady, KeypadState, KeypadUnknown
from devices.wire import Head


class Keypad:
    """address: see devices/address.py; raises ValueError for one that cannot be."""

    def __init__(self, address: str) -> None:
        there = not isinstance(keypad_address(address), Absent)
        self.driver = DriverProcess(["keypad", address]) if there else None
        self.state: KeypadState = KeypadUnknown("starting") if there else KeypadOffline("there is none")
        self.listener: Callable[[KeypadEvent], None] | None = None
        self._down: set[Key] = set()

    def begin(self) -> None:
        self._tell(KeypadChanged(self.state))

    def started(self, child: Child) -> None:
        """A new process needs to be told nothing."""

    def hear(self, head: Head, body: bytes) -> None:
        match wire.text(head, "is"):
            case "state":
                self._is(state_from(head))
            case "key":
                key = wire.member(head, "key", Key)
                self._down.add(key)
                self._tell(KeyPressed(key))
            case "released":
                self._let_go(wire.member(head, "key", Key))
            case "jack":
                self._tell(JackChanged(bool(wire.number(head, "inserted"))))
            case _:
                pass  # a sign of life

    def buried(self, how: str) -> None:
        self._is(KeypadUnknown(f"its driver {how} and is being started again"))

    def stop(self) -> None:
        """Nothing is open that must end."""

    def _tell(self, event: KeypadEvent) -> None:
        if self.listener is not None:
            self.listener(event)

    def _let_go(self, *keys: Key) -> None:
        for key in keys:
            if key in self._down:
                self._down.remove(key)
                self._tell(KeyReleased(key))

    def _is(self, state: KeypadState) -> None:
        if state != self.state:
            self.state = state
            self._let_go(*self._down)  # a pad that is gone or no longer believed holds nothing
            self._tell(KeypadChanged(state))


def state_from(head: Head) -> KeypadState:
    """Raises Nonsense for a name that is no state."""
    match wire.text(head, "state"):
        case "ready":
            return KeypadReady()
        case "offline":
            return KeypadOffline(wire.text(head, "why"))
        case "unknown":
            return KeypadUnknown(wire.text(head, "why"))
        case other:
            raise wire.Nonsense(f"{other!r} is no state of a keypad")
