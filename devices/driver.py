"""A driver's process: `python -m devices.driver KIND FD ADDRESS ...`, started by the supervisor and by nobody else.

It lives by one loop: whatever it waits for, it waits in `Host.wait`, which also says "alive" and takes in what the
supervisor asks. A driver that hangs therefore falls silent and is replaced. When the supervisor is gone, the driver
stops at once: nothing of a visit may outlive it.
"""

import os
import select
import sys
import time
from collections import deque
from pathlib import Path
from typing import Final

from devices import wire

HEARTBEAT: Final = 0.5
"""Seconds between two signs of life."""


class Host:
    """The supervisor, as its driver sees it."""

    def __init__(self, fd: int) -> None:
        self.asked: deque[tuple[wire.Head, bytes]] = deque()
        self._fd = fd
        self._messages = wire.Messages()
        self._beat_at = 0.0

    def tell(self, head: wire.Head, body: bytes = b"") -> None:
        """Blocks while the supervisor does not read; a supervisor that does not read at all is as good as gone."""
        rest = memoryview(wire.pack(head, body))
        try:
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError as gone:
            raise SystemExit(0) from gone

    def wait(self, fd: int, for_writing: bool, seconds: float) -> bool:
        """Wait for fd; returns False early when the supervisor asked something. -1 waits for the supervisor alone."""
        until = time.monotonic() + seconds
        while True:
            self._beat()
            left = max(0.0, until - time.monotonic())
            readers = [self._fd] if fd < 0 or for_writing else [self._fd, fd]
            writers = [fd] if for_writing and fd >= 0 else []
            readable, writable, _ = select.select(readers, writers, [], min(left, HEARTBEAT))
            ready = fd in readable or fd in writable
            asked = self._fd in readable and self._take_in()
            if ready or asked or time.monotonic() >= until:
                return ready

    def _take_in(self) -> bool:
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            data = b""
        if not data:
            raise SystemExit(0)
        before = len(self.asked)
        self.asked.extend(self._messages.feed(data))
        return len(self.asked) > before

    def _beat(self) -> None:
        now = time.monotonic()
        if now - self._beat_at >= HEARTBEAT:
            self._beat_at = now
            self.tell({"is": "alive"})


def main(arguments: list[str]) -> None:
    kind, fd, address, *rest = arguments
    host = Host(int(fd))
    if kind == "printer":
        from devices.printer.driver import PrinterDriver

        journal, width, model = rest
        PrinterDriver(host, address, Path(journal), int(width), model).run()
    elif kind == "card":
        from devices.address import Pcsc, card_address
        from devices.card.driver import CardDriver

        where = card_address(address)
        CardDriver(host, where.prefix if isinstance(where, Pcsc) else "").run()
    elif kind == "keypad":
        from devices.address import Keys, keypad_address
        from devices.keypad.driver import KeypadDriver

        keys = keypad_address(address)
        KeypadDriver(host, keys.paths if isinstance(keys, Keys) else ()).run()
    else:
        from devices.scanner.driver import run

        run(host, address)


if __name__ == "__main__":
    main(sys.argv[1:])
