"""A tactile keypad and its jack, as a recording of an input device: the terminal's driver reads real input events."""

import random
from typing import Final, Literal

from devices.keyboard import EV_KEY, EV_SW, EV_SYN, InputEvent, pack
from devices.keypad.driver import HEADPHONES

from .fifo import Fifo

KeyName = Literal["up", "down", "left", "right", "ok"]
CODES: Final[dict[KeyName, int]] = {"up": 103, "down": 108, "left": 105, "right": 106, "ok": 28}

_NO_KEY_OF_OURS: Final = (1, 15, 30, 42, 58, 116, 240, 600)


class VirtualKeypad(Fifo):
    """A pad of five keys; nothing is in its jack at first."""

    flood_pause = 0.02

    def hold(self, key: KeyName, *, down: bool) -> bool:
        """Press it, or let it go. False when it is unplugged."""
        code = random.choice(_NO_KEY_OF_OURS) if self._fault == "garbage" else CODES[key]
        return self._says(InputEvent(EV_KEY, code, int(down)))

    def jack(self, inserted: bool) -> bool:
        """Put a plug in, or pull it out. False when it is unplugged."""
        return self._says(InputEvent(EV_SW, HEADPHONES, int(inserted)))

    def _says(self, event: InputEvent) -> bool:
        return self._send(pack(event) + pack(InputEvent(EV_SYN, 0, 0)))

    def _chatter(self) -> None:
        for down in (True, False):
            self.hold("down", down=down)
