"""Input devices as Linux gives them (evdev): keys and switches, whole to us and to nobody else.

A FIFO in place of a device replays what was recorded from one (`cat /dev/input/eventN`); nothing else about it differs.
"""

import errno
import fcntl
import os
import stat
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

EV_SYN: Final = 0x00
EV_KEY: Final = 0x01
EV_SW: Final = 0x05
SYN_DROPPED: Final = 3
"""The kernel's buffer ran over: what was typed in between is lost (Documentation/input/event-codes.rst)."""

EVIOCGRAB: Final = 0x40044590
"""_IOW('E', 0x90, int), linux/input.h."""

_EVIOCGBIT_SW: Final = 0x80084525
"""_IOC(_IOC_READ, 'E', 0x20 + EV_SW, 8): which of 64 switches there are."""

_EVIOCGSW: Final = 0x8008451B
"""_IOC(_IOC_READ, 'E', 0x1b, 8): which of 64 switches are on."""

_EVENT = struct.Struct("@llHHi")
_MOST_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class InputEvent:
    """kind: EV_KEY and the like; code: of the key or switch; value: of a key 1 down, 0 up, 2 repeated by the kernel."""

    kind: int
    code: int
    value: int


def pack(event: InputEvent) -> bytes:
    """Return the `struct input_event` of an event, at no time."""
    return _EVENT.pack(0, 0, event.kind, event.code, event.value)


class InputDevice:
    """An open input device. Raises OSError when it is not there, is no input device, or is another program's."""

    def __init__(self, path: Path) -> None:
        self.fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        self._rest = b""
        try:
            self._recorded = stat.S_ISFIFO(os.fstat(self.fd).st_mode)
            if not self._recorded:
                fcntl.ioctl(self.fd, EVIOCGRAB, 1)  # what is scanned must not type into the screen
            list(self.read())  # what was typed before we listened is nobody's any more
        except OSError:
            os.close(self.fd)
            raise

    def read(self) -> Iterator[InputEvent]:
        """What is there now; raises OSError when the device was unplugged (ENODEV)."""
        try:
            data = os.read(self.fd, _MOST_AT_ONCE * _EVENT.size)
        except BlockingIOError:
            return
        if not data:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        data = self._rest + data
        whole = len(data) - len(data) % _EVENT.size
        self._rest = data[whole:]
        for _, _, kind, code, value in _EVENT.iter_unpack(data[:whole]):
            yield InputEvent(kind, code, value)

    def switch(self, code: int) -> bool | None:
        """Whether a switch is on; None where there is none, and of a recording: it knows only what changed."""
        if self._recorded or not self._bits(_EVIOCGBIT_SW) >> code & 1:
            return None
        return bool(self._bits(_EVIOCGSW) >> code & 1)

    def _bits(self, request: int) -> int:
        bits = bytearray(8)
        fcntl.ioctl(self.fd, request, bits)
        return int.from_bytes(bits, sys.byteorder)

    def close(self) -> None:
        os.close(self.fd)
