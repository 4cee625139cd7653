"""A scanner on a pseudo terminal: the terminal's driver reads its bytes as it reads a real one's on /dev/ttyACM0."""

import os
import secrets
import tty
from pathlib import Path
from typing import Final

from .plug import Plug

FLOOD_BYTES: Final = 512


class VirtualScanner(Plug):
    """A serial scanner; `path` is the name that its line gets."""

    flood_pause = 0.05

    def __init__(self, path: Path) -> None:
        self._ends: tuple[int, int] | None = None
        super().__init__(path)

    def read_code(self, code: bytes) -> bool:
        """Do as a scanner that reads a code: its bytes and a carriage return. False when it is unplugged."""
        return self._send((secrets.token_bytes(len(code)) if self._fault == "garbage" else code) + b"\r")

    def _send(self, data: bytes) -> bool:
        with self._lock:
            if self._ends is None:
                return False
            try:
                os.write(self._ends[0], data)
            except BlockingIOError:
                return False  # nobody reads: as on a wire, it is lost
            return True

    def _plug_in(self) -> None:
        with self._lock:
            if self._ends is not None:
                return
            master, slave = os.openpty()
            tty.setraw(slave)
            os.set_blocking(master, False)
            self._ends = master, slave
            draft = self._path.with_name(self._path.name + ".part")
            draft.symlink_to(os.ttyname(slave))
            draft.replace(self._path)

    def _unplug(self) -> None:
        with self._lock:
            ends, self._ends = self._ends, None
            self._path.unlink(missing_ok=True)
            for end in ends or ():
                os.close(end)

    def _chatter(self) -> None:
        self._send(secrets.token_bytes(FLOOD_BYTES))
