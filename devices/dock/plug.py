"""What the dock plugs into the terminal: it can be pulled out, talk nonsense, and talk without end."""

import threading
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Final, Literal, get_args

PlugFault = Literal["none", "unplugged", "garbage", "flood"]
PLUG_FAULTS: Final[tuple[PlugFault, ...]] = get_args(PlugFault)


class Plug(ABC):
    """path: the name that it gets, as udev gives one. Plugged in from the start. `flood_pause`: seconds."""

    flood_pause: float

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._fault: PlugFault = "none"
        self._stop_flood = threading.Event()
        self._plug_in()

    @property
    def fault(self) -> PlugFault:
        return self._fault

    def change(self, fault: PlugFault) -> None:
        """Break it in this way from now on, or mend it."""
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

    @abstractmethod
    def _plug_in(self) -> None:
        """Be there, if it is not."""

    @abstractmethod
    def _unplug(self) -> None:
        """Be gone, if it is there."""

    @abstractmethod
    def _chatter(self) -> None:
        """Say one thing of an endless flood."""

    def _flood(self, stop: threading.Event) -> None:
        while not stop.wait(self.flood_pause):
            self._chatter()
