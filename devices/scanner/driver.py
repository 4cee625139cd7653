"""The scanner's driver: reads codes, joins repeats, and comes back when the scanner does."""

import errno
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, assert_never

from devices.address import Absent, CameraDevice, Frames, HidPos, Serial, Wedge, scanner_address
from devices.driver import Host
from devices.reasons import why_gone
from devices.scanner.codes import Flood, Overlong, Repeats, Source, without_aim

REPLUG_LOOK: Final = 0.5
"""Seconds between looks for a scanner that is not plugged in."""

IDLE: Final = 5.0
"""Seconds to wait for a scan at a stretch."""

QUIET: Final = 1.0
"""Seconds without a code after which a scanner that sent too many is believed again."""


class Reader:
    """What all kinds of scanners share: when they looked, repeats, floods, and what is told."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.watched = False
        self._repeats = Repeats()
        self._flood = Flood()
        self._flooded_until = 0.0
        self.looked_at = time.monotonic_ns()
        self._told = ("", "")

    def obey(self, *, lies_there: bool = False) -> bool:
        """Do what the supervisor asked, before each look at the scanner; True when the visit was forgotten.

        lies_there: a slip may lie where it is read again by itself. Then it is no scan of the next visit.
        """
        self.looked_at = time.monotonic_ns()
        forgot = bool(self.host.asked)
        while self.host.asked:
            head, _ = self.host.asked.popleft()
            self.watched = bool(head["watch"])
            if not lies_there:
                self._repeats.clear()
        return forgot

    def tell(self, code: bytes | Overlong, begun_at: int | None = None) -> None:
        """begun_at: when a code began that came piece by piece; it is of the visit in which it began."""
        now, at = time.monotonic(), self.looked_at if begun_at is None else begun_at
        if self._flood.counts(code, now) or self._flooded_until:
            self._flooded_until = now + QUIET
            self._tell_state("unknown", "it sends more codes than a hand can show")
        elif isinstance(code, Overlong):
            self.host.tell({"is": "overlong", "at": at, "length": code.length})
        elif (bare := without_aim(code)) and not self._repeats.seen(bare, now):
            self.host.tell({"is": "read", "at": at}, bare)

    def preview(self, width: int, height: int, grey: bytes) -> None:
        if self.watched:
            self.host.tell({"is": "preview", "at": self.looked_at, "width": width, "height": height}, grey)

    def ready(self) -> None:
        self._flooded_until = 0.0
        self._tell_state("ready")

    def there(self) -> None:
        """What can be looked at only now and then is there."""
        if self._told[0] in ("", "offline"):
            self.ready()
        self.calm()

    def calm(self) -> None:
        """Believe a scanner again that was quiet for long enough."""
        if self._flooded_until and time.monotonic() >= self._flooded_until:
            self.ready()

    def offline(self, gone: OSError) -> None:
        self._tell_state("offline", why_gone(gone))

    def patience(self, source: Source) -> float:
        """Seconds to wait for the scanner at a stretch."""
        if source.begun:
            return source.gap
        return QUIET if self._flooded_until else IDLE

    def _tell_state(self, state: str, why: str = "") -> None:
        if (state, why) != self._told:
            self._told = (state, why)
            self.host.tell({"is": "state", "state": state, "why": why})


def run(host: Host, address: str) -> None:
    reader = Reader(host)
    match where := scanner_address(address):
        case Serial() | Wedge() | HidPos():
            _serve(reader, opener(where))
        case CameraDevice(path):
            from devices.scanner.live import LiveCamera

            LiveCamera(reader, path).run()
        case Frames(folder):
            _serve_frames(reader, folder)
        case Absent():
            raise ValueError("no scanner: no driver")
        case _:
            assert_never(where)


def opener(where: Serial | Wedge | HidPos) -> Callable[[], Source]:
    """Return what opens the scanner; it raises OSError when it is not there."""
    match where:
        case Serial(path):
            from devices.scanner.serial import SerialScanner

            return lambda: SerialScanner(path)
        case Wedge(path, layout):
            from devices.scanner.wedge import WedgeScanner

            return lambda: WedgeScanner(path, layout)
        case HidPos(path):
            from devices.scanner.hidpos import HidScanner

            return lambda: HidScanner(path)
        case _:
            assert_never(where)


def _serve(reader: Reader, open_source: Callable[[], Source]) -> None:
    while True:
        try:
            source = open_source()
        except OSError as absent:
            reader.offline(absent)
            reader.host.wait(-1, False, REPLUG_LOOK)
            reader.obey()
            continue
        reader.ready()
        try:
            _read(reader, source)
        except OSError as gone:
            reader.offline(gone)
        finally:
            source.close()


def _read(reader: Reader, source: Source) -> None:
    """Until the scanner is unplugged: then OSError."""
    listening = Listening(reader, source)
    while True:
        listening.turn()


class Listening:
    """Hears a scanner whose codes come piece by piece; of one that a visit's end cut through, the rest is nobody's."""

    def __init__(self, reader: Reader, source: Source) -> None:
        self._reader = reader
        self._source = source
        self._begun_at: int | None = None
        self._cut = False

    def turn(self) -> None:
        """Wait for the scanner once. Raises OSError when it is unplugged."""
        reader, source = self._reader, self._source
        ready = reader.host.wait(source.fd, False, source.gap if self._cut else reader.patience(source))
        forgot = reader.obey()
        if forgot:
            self._cut = self._cut or source.begun
            source.clear()
        for code in source.read() if ready else source.ended():
            if not self._cut:
                reader.tell(code, self._begun_at)
            self._cut, self._begun_at = False, None
        if not (ready or forgot):
            self._cut = False  # silence: no rest is coming
        if not source.begun:
            self._begun_at = None
        elif self._begun_at is None or forgot:
            self._begun_at = reader.looked_at
        reader.calm()


def _serve_frames(reader: Reader, folder: Path) -> None:
    from devices.scanner.camera import LOOK, Camera

    camera = Camera(folder)
    while True:
        reader.host.wait(-1, False, LOOK)
        reader.obey()  # before the first look, too: what is asked at the start is older than what is seen then
        if folder.is_dir():
            reader.there()
        else:
            reader.offline(OSError(errno.ENOENT, "no folder"))
        for code in camera.look():
            reader.tell(code)
