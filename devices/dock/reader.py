"""The dock's card reader: a PC/SC service of its own where one can be had, and what can befall it."""

from pathlib import Path
from typing import Final, Literal, get_args

from devices.simulators.card.service import READER, CardService, is_installed, may_mount

ReaderFault = Literal["none", "unplugged", "stopped"]
READER_FAULTS: Final[tuple[ReaderFault, ...]] = get_args(ReaderFault)


class VirtualReader:
    """vpcd: HOST:PORT of the reader of a pcscd that runs already, and that the dock leaves alone; None for its own."""

    def __init__(self, vpcd: str | None, folder: Path) -> None:
        own = vpcd is None and is_installed() and may_mount()
        self._service = CardService(folder) if own else None
        self.vpcd = self._service.vpcd if self._service is not None else vpcd
        self.change("none")

    @property
    def address(self) -> str:
        """For the terminal's settings."""
        return "none" if self.vpcd is None else f"pcsc:{READER}"

    @property
    def environment(self) -> dict[str, str]:
        """By which the terminal finds it."""
        return {} if self._service is None else {"PCSCLITE_CSOCK_NAME": str(self._service.socket)}

    @property
    def faults(self) -> tuple[ReaderFault, ...]:
        return ("none",) if self._service is None else READER_FAULTS

    def change(self, fault: ReaderFault) -> None:
        """unplugged: the reader; stopped: the service, as when it crashed."""
        if self._service is None:
            return
        self._service.kill()
        match fault:
            case "none":
                self._service.plug_in()
                self._service.start()
            case "unplugged":
                self._service.unplug()
                self._service.start()
            case "stopped":
                pass

    def close(self) -> None:
        if self._service is not None:
            self._service.kill()
