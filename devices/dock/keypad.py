"""A tactile keypad and its jack, as a recording of an input device: the terminal's driver reads real input events."""

import contextlib
import os
import random
import threading
from pathlib import Path
from typing import Final, Literal, get_args

from devices.keyboard import EV_KEY, EV_SW, EV_SYN, InputEvent, pack
from devices.keypad.driver import HEADPHONES

KeyName = Literal["up", "down", "left", "right", "ok"]
KeypadFault = Literal["none", "unplugged", "garbage", "flood"]
KEYPAD_FAULTS: Final[tuple[KeypadFault, ...]] = get_args(KeypadFault)
CODES: Final[dict[KeyName, int]] = {"up": 103, "down": 108, "left": 105, "right": 106, "ok": 28}

FLOOD_PAUSE: Final = 0.02
_NO_KEY_OF_OURS: Final = (1, 15, 30, 42, 58, 116, 240, 600)


class VirtualKeypad:
    """path: the name that it gets, as udev gives one. Plugged in from the start, nothing in the jack."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._fd: int | None = None
        self._fault: KeypadFault = "none"
        self._stop_flood = threading.Event()
        self._plug_in()

    def press(self, key: KeyName) -> bool:
        """Press and let go. False when it is unplugged."""
        if self._fault == "garbage":
            return self._send([InputEvent(EV_KEY, random.choice(_NO_KEY_OF_OURS), value) for value in (1, 0)])
        return self._send([InputEvent(EV_KEY, CODES[key], value) for value in (1, 0)])

    def jack(self, inserted: bool) -> bool:
        """Put a plug in, or pull it out. False when it is unplugged."""
        return self._send([InputEvent(EV_SW, HEADPHONES, int(inserted))])

    def change(self, fault: KeypadFault) -> None:
        self._stop_flood.set()
        self._fault = fault
        if fault == "unplugged":
            self._unplug()
            return
        self._plug_in()
        if fault == "flood":
            self._stop_flood = threading.Event()
            threading.Thread(target=self._flood, args=(self._stop_flood,), daemon=True).start()

    def close(self) -> None:
        self.change("unplugged")

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

    def _flood(self, stop: threading.Event) -> None:
        while not stop.wait(FLOOD_PAUSE):
            self.press("down")
