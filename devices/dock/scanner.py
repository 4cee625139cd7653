"""A scanner on a pseudo terminal: the terminal's driver reads its bytes as it reads a real one's on /dev/ttyACM0."""

import os
import secrets
import threading
import tty
from pathlib import Path
from typing import Final, Literal, get_args

ScannerFault = Literal["none", "unplugged", "garbage", "flood"]
SCANNER_FAULTS: Final[tuple[ScannerFault, ...]] = get_args(ScannerFault)

FLOOD_PAUSE: Final = 0.05
FLOOD_BYTES: Final = 512


class VirtualScanner:
    """path: the name that its line gets, as udev gives one. Plugged in from the start."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._ends: tuple[int, int] | None = None
        self._fault: ScannerFault = "none"
        self._stop_flood = threading.Event()
        self._plug_in()

    @property
    def fault(self) -> ScannerFault:
        return self._fault

    def read_code(self, code: bytes) -> bool:
        """Do as a scanner that reads a code: its bytes and a carriage return. False when it is unplugged."""
        return self._send((secrets.token_bytes(len(code)) if self._fault == "garbage" else code) + b"\r")

    def change(self, fault: ScannerFault) -> None:
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

    def _flood(self, stop: threading.Event) -> None:
        while not stop.wait(FLOOD_PAUSE):
            self._send(secrets.token_bytes(FLOOD_BYTES))
