"""A printer on a serial line: RS-232, or a USB adapter for it."""

import contextlib
import os
import termios
import time
from pathlib import Path
from typing import Final

import serial

from devices.printer.line import LineGone, Wait, not_yet_taken_of, receive_from
from devices.printer.profile import Flow

PIECE_BY_DTR: Final = 64
"""Bytes at a stretch where the kernel does not watch the printer's DTR: far less than a printer's reserve."""

_LOOK_AGAIN: Final = 0.005
"""Seconds until a printer that was busy is looked at again."""


class SerialLine:
    """An open tty.

    pyserial opens and sets it; reading and writing are ours, since its write that does not block never returns from
    a line that is stopped.
    """

    proves_presence = False

    def __init__(self, port: serial.Serial, flow: Flow, wait: Wait) -> None:
        self.byte_seconds = 10 / port.baudrate
        self._port = port
        self._fd = port.fileno()
        self._flow = flow
        self._wait = wait

    def send(self, data: memoryview, seconds: float) -> int:
        try:
            if self._flow == "dtr":
                return self._send_by_dtr(data, seconds)
            return os.write(self._fd, data) if self._wait(self._fd, True, seconds) else 0
        except BlockingIOError:
            return 0
        except OSError as gone:
            raise LineGone from gone

    def receive(self, seconds: float) -> bytes:
        return receive_from(self._fd, self._wait, seconds)

    def not_yet_taken(self) -> int:
        return not_yet_taken_of(self._fd)

    def abandon(self) -> None:
        """Flush first: closing a tty waits up to half a minute for what a stopped line holds."""
        with contextlib.suppress(OSError, termios.error):
            termios.tcflush(self._fd, termios.TCIOFLUSH)
        with contextlib.suppress(OSError, termios.error):
            self._port.close()

    def _send_by_dtr(self, data: memoryview, seconds: float) -> int:
        """Linux does not stop at the printer's DTR (our DSR): look at it before each small piece."""
        until = time.monotonic() + seconds
        while not self._port.dsr or self.not_yet_taken():
            if time.monotonic() >= until:
                return 0
            self._wait(-1, False, _LOOK_AGAIN)
        return os.write(self._fd, data[:PIECE_BY_DTR])


def open_serial(path: Path, baud: int, flow: Flow, wait: Wait) -> SerialLine | None:
    """The tty with 8 data bits and no parity, held by us alone; None when there is none or another program holds it."""
    try:
        port = serial.Serial(
            str(path), baud, timeout=0, rtscts=flow == "rts", xonxoff=flow == "xonxoff", exclusive=True
        )
    except (OSError, ValueError, termios.error):  # SerialException is an OSError
        return None
    try:
        if flow == "xonxoff":
            _never_stop_the_printer(port.fileno())
        termios.tcflush(port.fileno(), termios.TCIOFLUSH)
    except (OSError, termios.error):
        port.close()
        return None
    return SerialLine(port, flow, wait)


def _never_stop_the_printer(fd: int) -> None:
    """The printer may stop us; our own XOFF would be a dot in an image."""
    settings = termios.tcgetattr(fd)
    settings[0] &= ~termios.IXOFF
    termios.tcsetattr(fd, termios.TCSANOW, settings)
