"""The practice door: the terminal's picture out and touches in, through a Unix socket, for the dock of `devices`.

Off unless `--practice-door SOCKET` is given, and refused on a terminal in service. Each line of JSON that comes in gets
one line of JSON back:

{"after": N, "width": W}  waits for a frame newer than N, at most `LONGEST_WAIT`; gets {"frame", "bytes", "screen",
                          "language", "shows", "says", "targets"} and then so many bytes of JPEG, W pixels wide, if
                          any. says: the terminal's own sentences that stand there, with nothing set in.
                          targets: [name, left, top, width, height] of what can be pressed, in shares from the top left
{"tap": [X, Y]}           touches there, in shares from the top left; gets {"tapped": true}
"""

import contextlib
import io
import json
import os
import socket
import threading
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kivy.clock import Clock

from .frozen import frozen
from .screens.press import Pressable
from .text import Text
from .touch import tap
from .visit_state import ScreenLanguage, ShowStatus, VisitState
from .window import read_frame, upright
from .words import words_of

if TYPE_CHECKING:
    from .visit_app import TerminalApp

LONGEST_WAIT: Final = 10.0
FRAME_EVERY: Final = 0.1
"""Seconds between two frames that are read: a picture over a slow link needs no more."""
_QUALITY: Final = 70
_WIDEST: Final = 2160


@frozen
class _Frame:
    number: int
    pixels: bytes
    told: dict[str, Any]


class PracticeDoor:
    """Answers on the socket at `path` until the process ends. Call `drawn` with each state whose picture is complete.

    Frames are read only while somebody is connected, and only when one was drawn.
    """

    def __init__(self, app: "TerminalApp", path: Path) -> None:
        self._app = app
        self._state: VisitState | None = None
        self._frame: _Frame | None = None
        self._changed = threading.Condition()
        self._visitors = 0
        self._next_read = 0.0
        self._listener = socket.socket(socket.AF_UNIX)
        path.unlink(missing_ok=True)
        was = os.umask(0o077)
        try:
            self._listener.bind(str(path))
        finally:
            os.umask(was)
        self._listener.listen()
        app.window.bind(on_flip=self._flipped)
        threading.Thread(target=self._welcome, name="practice door", daemon=True).start()

    def drawn(self, state: VisitState) -> None:
        """Take note of what the next frame shows; called before it is read."""
        self._state = state

    # ---- on the window's thread ----

    def _flipped(self, *_: object) -> None:
        if not self._visitors or self._state is None:
            return
        now = time.monotonic()
        if now < self._next_read:
            Clock.unschedule(self._draw_again)
            Clock.schedule_once(self._draw_again, self._next_read - now)
            return
        self._next_read = now + FRAME_EVERY
        pixels = read_frame(self._app.window)
        told = self._told(self._state)
        if self._frame is not None and (self._frame.pixels, self._frame.told) == (pixels, told):
            return
        with self._changed:
            self._frame = _Frame(1 if self._frame is None else self._frame.number + 1, pixels, told)
            self._changed.notify_all()

    def _draw_again(self, *_: object) -> None:
        self._app.root.canvas.ask_update()

    def _told(self, state: VisitState) -> dict[str, Any]:
        """Say what is on the screen: its kind and what can be pressed, nothing of whom it is about."""
        width, height = self._app.window.size
        targets: list[list[str | float]] = []
        for widget in self._app.root.walk():
            if isinstance(widget, Pressable):
                left, bottom = widget.to_window(*widget.pos)
                box = left / width, 1 - (bottom + widget.height) / height, widget.width / width, widget.height / height
                targets.append([widget.name, *(round(share, 4) for share in box)])
        shows = state.sheet.status.state.name.lower() if isinstance(state, ShowStatus) else ""
        language = state.language
        says = [
            widget.lettered.text
            for widget in self._app.root.walk()
            if isinstance(widget, Text) and widget.lettered.text in _own(language)
        ]
        return {
            "screen": type(state).__name__,
            "language": language,
            "shows": shows,
            "says": says,
            "targets": targets,
        }

    # ---- on a thread for each who is connected ----

    def _welcome(self) -> None:
        while True:
            line, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=(line,), name="practice", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        self._visitors += 1
        Clock.schedule_once(self._draw_again)
        self._app.wake()
        try:
            # Whoever goes away, or speaks another language, is let go.
            with contextlib.suppress(OSError, ValueError), line, line.makefile("rwb") as talk:
                for said in talk:
                    for answer in self._answer(json.loads(said)):
                        talk.write(answer)
                    talk.flush()
        finally:
            self._visitors -= 1

    def _answer(self, order: object) -> tuple[bytes, ...]:
        match order:
            case {"tap": [float() | int() as x, float() | int() as y]}:
                Clock.schedule_once(lambda _: tap(x, 1 - y))
                self._app.wake()
                return (b'{"tapped": true}\n',)
            case {"after": int() as after, "width": int() as width} if 0 < width <= _WIDEST:
                frame = self._newer(after)
                if frame is None:
                    return (json.dumps({"frame": after, "bytes": 0}).encode() + b"\n",)
                picture = self._jpeg(frame.pixels, width)
                header = {"frame": frame.number, "bytes": len(picture)} | frame.told
                return json.dumps(header).encode() + b"\n", picture
            case _:
                raise ValueError("neither a touch nor a question")

    def _newer(self, after: int) -> _Frame | None:
        with self._changed:
            self._changed.wait_for(lambda: self._frame is not None and self._frame.number > after, LONGEST_WAIT)
            return self._frame if self._frame is not None and self._frame.number > after else None

    def _jpeg(self, pixels: bytes, width: int) -> bytes:
        picture = upright(self._app.window, pixels)
        picture.thumbnail((width, width * 4))
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=_QUALITY, optimize=True)
        return file.getvalue()


@cache
def _own(language: ScreenLanguage) -> frozenset[str]:
    return words_of(language).own()
