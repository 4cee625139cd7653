"""A device as a recording of it: a named pipe with the bytes that the kernel gives of a real one."""

import contextlib
import os
from pathlib import Path

from .plug import Plug


class Fifo(Plug):
    def __init__(self, path: Path) -> None:
        self._fd: int | None = None
        super().__init__(path)

    def _send(self, data: bytes) -> bool:
        """False when it is unplugged."""
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
