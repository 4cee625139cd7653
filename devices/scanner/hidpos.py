"""Scanners of USB's own class for them (HID point of sale), through hidraw: no keyboard, no keystrokes, no layout.

One input report (64 bytes): 0x02, number of data bytes (0 to 56), the AIM identifier in three bytes, 56 data bytes, two
reserved ones, and flags of which the lowest says that the code goes on in the next report (HID POS Usage Tables 1.02,
usage page 0x8C).
"""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from devices.scanner.codes import LONGEST, MOST_BYTES, Overlong

GAP: Final = 0.5
"""Seconds after which a code whose next report does not come is given up: reports follow each other in milliseconds."""

REPORT: Final = 64
SCANNED_DATA: Final = 0x02
DATA_BYTES: Final = 56
SCANNER_PAGE: Final = bytes((0x05, 0x8C))
"""How the report descriptor of a scanner begins: usage page 0x8C."""

_HIDIOCGRDESCSIZE: Final = 0x80044801
"""_IOR('H', 1, int), linux/hidraw.h."""

_HIDIOCGRDESC: Final = 0x90044802
"""_IOR('H', 2, struct hidraw_report_descriptor): a length of four bytes, then 4,096 bytes."""

_DATA: Final = slice(5, 5 + DATA_BYTES)


class Reports:
    """Reports in, codes out. What is no report of scanned data is passed over; a code that was cut off is none."""

    def __init__(self) -> None:
        self._code = bytearray()
        self.begun = False

    def feed(self, report: bytes) -> Iterator[bytes | Overlong]:
        if len(report) != REPORT or report[0] != SCANNED_DATA or report[1] > DATA_BYTES:
            return
        self._code += report[_DATA][: report[1]]
        self.begun = bool(report[-1] & 1)
        if not self.begun or len(self._code) > MOST_BYTES:
            code = bytes(self._code)
            self.clear()
            code = code.rstrip(b"\r\n")  # what a scanner is set to send after a code is not of the code
            if code:
                yield Overlong(len(code)) if len(code) > LONGEST else code

    def clear(self) -> None:
        self._code.clear()
        self.begun = False


class HidScanner:
    """path: of a hidraw device, or of a FIFO that replays one. Raises OSError when no scanner is there, or no more."""

    gap = GAP

    def __init__(self, path: Path) -> None:
        self.fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        self._reports = Reports()
        try:
            if not stat.S_ISFIFO(os.fstat(self.fd).st_mode) and not _is_scanner(self.fd):
                raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
            while self._next_report():
                pass  # what was scanned before we listened is nobody's any more
        except OSError:
            os.close(self.fd)
            raise

    @property
    def begun(self) -> bool:
        return self._reports.begun

    def read(self) -> Iterator[bytes | Overlong]:
        return self._reports.feed(self._next_report())

    def ended(self) -> Iterator[bytes | Overlong]:
        self.clear()
        return iter(())

    def clear(self) -> None:
        self._reports.clear()

    def close(self) -> None:
        os.close(self.fd)

    def _next_report(self) -> bytes:
        """One report, as each read of hidraw gives it; empty when there is none now."""
        try:
            report = os.read(self.fd, REPORT)
        except BlockingIOError:
            return b""
        if not report:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return report


def _is_scanner(fd: int) -> bool:
    """Whether the device says in its report descriptor that it is a scanner. Raises OSError for what is no hidraw."""
    descriptor = bytearray(4 + 4096)
    size = bytearray(4)
    fcntl.ioctl(fd, _HIDIOCGRDESCSIZE, size)
    descriptor[:4] = size
    fcntl.ioctl(fd, _HIDIOCGRDESC, descriptor)
    return descriptor[4:].startswith(SCANNER_PAGE)
