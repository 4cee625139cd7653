"""A camera as a scanner: looks at ten frames a second while something moves, at one while nothing does."""

import errno
import time
from pathlib import Path
from typing import Final

from devices.scanner.camera_events import Hint
from devices.scanner.driver import REPLUG_LOOK, Reader
from devices.scanner.picture import Seen, look_at
from devices.v4l2 import Capture

WIDTH: Final = 1280
HEIGHT: Final = 720

LOOK: Final = 0.1
"""Seconds between frames that are looked at: ten a second are enough for a hand with a slip."""

SHARE: Final = 5
"""A look that took long is followed by this many times its length of rest: a slow machine looks less often."""

STILL_LOOK: Final = 1.0
"""Seconds between looks while nothing moves."""

RESTLESS: Final = 10
"""Looks after the last movement until the picture counts as still."""

MOVED: Final = 6
"""Mean change of a point, of 255, that is more than a camera's noise."""

DARK: Final = 40
"""Mean grey, of 255, under which nothing can be read."""

FAR: Final = 120
"""Pixels of a code's side under which its dots are smaller than two pixels."""

HINT_AFTER: Final = 3
"""Looks that must agree before a visitor is told anything."""

COVERED_AFTER: Final = 20.0
"""Seconds of darkness without a movement after which it is no hand: the lens is covered, or the light is out."""

LET_GO_AFTER: Final = 8
"""Looks without a movement, and without a code that cannot be read, after which nobody holds anything there."""

PREVIEW: Final = 8
"""Every so many pixels of a row and so many rows make the preview: 160 x 90."""

PREVIEW_EVERY: Final = 0.2
"""Seconds between previews: a hand follows five a second, and the screen has other things to draw."""

SILENT: Final = 5.0
"""Seconds without a frame after which a camera is closed and opened again."""


class Hints:
    """From single looks to a hint that holds."""

    def __init__(self) -> None:
        self._told: Hint | None = None
        self._last: Hint | None = None
        self._times = 0

    def of(self, seen: Seen, brightness: float) -> Hint | None:
        """What holds after one more look."""
        hint: Hint | None = None
        if not seen.codes and brightness < DARK:
            hint = Hint.DARK
        elif not seen.codes and seen.unread:
            hint = Hint.FAR if seen.unread < FAR else Hint.CREASED
        self._times = self._times + 1 if hint == self._last else 1
        self._last = hint
        if self._times >= (1 if seen.codes else HINT_AFTER):
            self._told = hint
        return self._told


class Hold:
    """From single looks to whether somebody holds something there that is not read."""

    def __init__(self) -> None:
        self._held = False
        self._busy = 0
        self._quiet = 0

    def of(self, seen: Seen, *, moves: bool) -> bool:
        """What holds after one more look. moves: the picture is another than the last one."""
        if seen.codes:
            self._busy, self._held = 0, False
        elif moves or seen.unread:
            self._busy, self._quiet = self._busy + 1, 0
            self._held = self._held or self._busy >= HINT_AFTER
        else:
            self._quiet += 1
            if self._quiet >= LET_GO_AFTER:
                self._busy, self._held = 0, False
        return self._held


class Darkness:
    """Whether somebody makes it dark: else the lens is covered, or the light is out, for hours perhaps."""

    def __init__(self) -> None:
        self._changed = 0.0
        self._dark = False

    def is_of_a_hand(self, now: float, *, dark: bool, moves: bool) -> bool:
        """Judge one more look, at `now` (seconds)."""
        if moves or dark != self._dark:
            self._changed, self._dark = now, dark
        return dark and now - self._changed < COVERED_AFTER


class LiveCamera:
    """path: of a V4L2 capture device."""

    def __init__(self, reader: Reader, path: Path) -> None:
        self._reader = reader
        self._path = path
        self._hints = Hints()
        self._hold = Hold()
        self._told: tuple[bool, Hint | None] = (False, None)
        self._before = b""
        self._restless = RESTLESS
        self._next = 0.0
        self._preview_at = 0.0
        self._darkness = Darkness()

    def run(self) -> None:
        while True:
            try:
                camera = Capture(self._path, WIDTH, HEIGHT)
                try:
                    self._watch(camera)
                finally:
                    camera.close()
            except OSError as gone:
                self._sees(False, None)
                self._reader.offline(gone)
                self._reader.host.wait(-1, False, REPLUG_LOOK)
                self._reader.obey()

    def _watch(self, camera: Capture) -> None:
        """Until the camera is unplugged or gives no frame: then OSError."""
        last = time.monotonic()
        while True:
            self._reader.host.wait(-1, False, max(0.0, self._next - time.monotonic()))
            self._reader.host.wait(camera.fd, False, LOOK)
            if self._reader.obey(lies_there=True):
                self._restless = RESTLESS
            frame, now = camera.frame(), time.monotonic()
            if frame is not None:
                last = now
                self._reader.there()
                self._look(camera, frame)
                self._next = now + max(LOOK, SHARE * (time.monotonic() - now))
            elif now - last > SILENT:
                raise OSError(errno.ETIMEDOUT, "it gives no pictures")

    def _look(self, camera: Capture, frame: bytes) -> None:
        small = shrunk(frame, camera.width, camera.height)
        moves = moved(self._before, small)
        if moves:
            self._restless = RESTLESS
        first, self._before = not self._before, small
        self._restless -= 1
        if self._restless < 0:
            if -self._restless * LOOK < STILL_LOOK:
                return
            self._restless = 0
        seen = look_at(frame, camera.width, camera.height, closer=self._restless > 0)
        for code in seen.codes:
            self._reader.tell(code)
        hint = self._hints.of(seen, sum(small) / len(small))
        by_hand = self._darkness.is_of_a_hand(time.monotonic(), dark=hint is Hint.DARK, moves=moves)
        held = self._hold.of(seen, moves=moves and not first) or by_hand
        self._sees(held, hint if held else None)
        if held and time.monotonic() >= self._preview_at:
            self._preview_at = time.monotonic() + PREVIEW_EVERY
            self._reader.preview(camera.width // PREVIEW, camera.height // PREVIEW, small)

    def _sees(self, held: bool, hint: Hint | None) -> None:
        if (held, hint) != self._told:
            self._told = (held, hint)
            self._restless = RESTLESS  # a screen begins to show it: the next pictures come soon
            self._reader.host.tell({"is": "sees", "held": held, "hint": hint.value if hint else None})


def shrunk(frame: bytes, width: int, height: int) -> bytes:
    """Every eighth pixel of every eighth row, of whole ones."""
    across, down = width // PREVIEW, height // PREVIEW
    rows = (frame[row * PREVIEW * width :][: across * PREVIEW : PREVIEW] for row in range(down))
    return b"".join(rows)


def moved(before: bytes, after: bytes) -> bool:
    """Whether two small pictures differ by more than noise; every seventh point tells."""
    if len(before) != len(after):
        return True
    points = range(0, len(after), 7)
    return sum(abs(before[at] - after[at]) for at in points) > MOVED * len(points)
