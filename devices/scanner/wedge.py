"""Scanners that play a keyboard ("wedge"), read through evdev, and grabbed: nothing types elsewhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from devices.address import WedgeLayout
from devices.keyboard import EV_KEY, EV_SYN, SYN_DROPPED, InputDevice, InputEvent
from devices.scanner import keymap
from devices.scanner.codes import LONGEST, Overlong, without_aim
from devices.scanner.keymap import Layout, Stroke, Typed

GAP: Final = 0.2
"""Seconds of silence that end a code without Enter; slow models leave 100 ms between two keys."""

_LINK = re.compile(rb"https?://", re.IGNORECASE)
"""How a slip begins, and what no wrong layout leaves whole: `://` is on other keys in each of them."""


class Typing:
    """Key events in, codes out. layout "any": of those under which the code is a link, else Latin."""

    def __init__(self, layout: WedgeLayout = "any") -> None:
        self._layout: WedgeLayout = layout
        self._strokes: list[Stroke | Typed] = []
        self._length = 0
        self._held: set[int] = set()
        self._caps = False
        self._digits = ""

    @property
    def begun(self) -> bool:
        """Whether a code was begun and not ended."""
        return self._length > 0

    def feed(self, events: Iterator[InputEvent]) -> Iterator[bytes | Overlong]:
        for event in events:
            if event.kind == EV_SYN and event.code == SYN_DROPPED:
                self._length += LONGEST  # keys are lost: what remains is no code
                self._held.clear()
            elif event.kind == EV_KEY and event.value == 0:
                self._let_go(event.code)
            elif event.kind == EV_KEY and event.value == 1:  # what the kernel repeats was pressed once
                yield from self._pressed(event.code)

    def gap(self) -> Iterator[bytes | Overlong]:
        """What was begun is a code."""
        length, strokes = self._length, self._strokes
        self.clear()
        if length > LONGEST:
            yield Overlong(length)
        elif code := self._code(strokes):
            yield code

    def clear(self) -> None:
        self._strokes = []
        self._length = 0

    def silent(self) -> Iterator[bytes | Overlong]:
        """Nothing came for `GAP` seconds: what was begun is a code, and a key still held is stuck."""
        self._held.clear()
        self._caps = False
        yield from self.gap()

    def _pressed(self, key: int) -> Iterator[bytes | Overlong]:
        if key in keymap.ENDS:
            yield from self.gap()
        elif key in keymap.SHIFTS or key in keymap.CONTROLS or key in (keymap.ALT, keymap.ALT_GR):
            self._held.add(key)
            self._digits = ""
        elif key == keymap.CAPS_LOCK:
            self._caps = not self._caps
        elif keymap.ALT in self._held:
            self._digits += keymap.digit_of(key)
        elif not self._held & keymap.CONTROLS:  # with Control a key writes nothing
            shift = bool(self._held & keymap.SHIFTS)
            self._append(Stroke(key, shift, keymap.ALT_GR in self._held, self._caps))

    def _let_go(self, key: int) -> None:
        self._held.discard(key)
        if key == keymap.ALT and (typed := keymap.numbered(self._digits)):
            self._append(typed)
        if key == keymap.ALT:
            self._digits = ""

    def _append(self, stroke: Stroke | Typed) -> None:
        self._length += 1
        if self._length <= LONGEST:
            self._strokes.append(stroke)

    def _code(self, strokes: list[Stroke | Typed]) -> bytes:
        if self._layout != "any":
            return keymap.text_of(strokes, self._layout).encode()
        layouts: tuple[Layout, ...] = ("latin", "french", "arabic")
        codes = [keymap.text_of(strokes, layout).encode() for layout in layouts]
        return next((code for code in codes if _LINK.match(without_aim(code))), codes[0])


class WedgeScanner:
    """path: of an input device. Raises OSError when it is not there, or no more."""

    gap = GAP

    def __init__(self, path: Path, layout: WedgeLayout) -> None:
        self._device = InputDevice(path)
        self.fd = self._device.fd
        self._typing = Typing(layout)

    @property
    def begun(self) -> bool:
        return self._typing.begun

    def read(self) -> Iterator[bytes | Overlong]:
        return self._typing.feed(self._device.read())

    def ended(self) -> Iterator[bytes | Overlong]:
        return self._typing.silent()

    def clear(self) -> None:
        self._typing.clear()

    def close(self) -> None:
        self._device.close()
