"""A tactile keypad and its jack, as a recording of an input device: the terminal's driver reads real input events."""

import contextlib
import os
import random
from pathlib import Path
from typing import Final, Literal

from devices.keyboard import EV_KEY, EV_SW, EV_SYN, InputEvent, pack
from devices.keypad.driver import HEADPHONES

from .plug import Plug

KeyName = Literal["up", "down", "left", "right", "ok"]
CODES: Final[dict[KeyName, int]] = {"up": 103, "down": 108, "left": 105, "right": 106, "ok": 28}

_NO_KEY_OF_OURS: Final = (1, 15, 30, 42, 58, 116, 240, 600)


class VirtualKeypad(Plug):
    """A pad of five keys; nothing is in its jack at first."""

    flood_pause = 0.02

    def __init__(self, path: Path) -> None:
        self._fd: int | None = None
        super().__init__(path)

    def press(self, key: KeyName) -> bool:
        """Press and let go. False when it is unplugged."""
        if self._fault == "garbage":
            return self._send([InputEvent(EV_KEY, random.choice(_NO_KEY_OF_OURS), value) for value in (1, 0)])
        return self._send([InputEvent(EV_KEY, CODES[key], value) for value in (1, 0)])

    def jack(self, inserted: bool) -> bool:
        """Put a plug in, or pull it out. False when it is unplugged."""
        return self._send([InputEvent(EV_SW, HEADPHONES, int(inserted))])

    def _send(self, events: list[InputEvent]) -> bool:
        data = b"".join(pack(event) + pack(InputEvent(EV_SYN, 0, 0)) for event in events)
        with self._lock:
            if self._fd is None:
                return False
            with contextlib.suppress(BlockingIOError):  # nobody reads: as on a wire, it is lost
                os.write(self._fd, data)
            return True

    def _plug_in(self) -> None:
        with self._lock:
            if self._fd is None:
                os.mkfifo(self._path)
                self._fd = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)

    def _unplug(self) -> None:
        with self._lock:
            fd, self._fd = self._fd, None
            if fd is not None:
                self._path.unlink()
                os.close(fd)

    def _chatter(self) -> None:
        self.press("down")
