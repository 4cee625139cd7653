"""The folder in which an enrolment grows: DATA/.enrolling, which becomes DATA/identity in one rename, or never.

Every file in it is whole or absent (`devices.durable`), so that an enrolment that is killed anywhere
goes on from what is there.
"""

import shutil
from pathlib import Path
from typing import Final

from devices.durable import flush_folder, write_whole
from kiosk.identity import BEFORE, FACTS, FOLDER

DRAFT: Final = ".enrolling"
CODE: Final = "code"
REGISTRATION: Final = "registration.json"
KEY_PLACE: Final = "key.json"


class Draft:
    """The draft in one data folder. Everything here raises OSError where the disk does not take it."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.folder = data / DRAFT

    def open(self) -> None:
        """Make the folder, for its owner alone."""
        self._data.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)

    def read(self, name: str) -> bytes | None:
        """Read a file of the draft; None where it is not there yet."""
        try:
            return (self.folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file of the draft, whole, for its owner alone."""
        write_whole(self.folder / name, data)

    def discard(self) -> None:
        """Throw the draft away."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
            flush_folder(self._data)

    @property
    def is_whole(self) -> bool:
        """Whether only the rename is left to do."""
        return (self.folder / FACTS).exists()

    def publish(self) -> None:
        """Make the draft this terminal's identity; an older one is gone after."""
        for name in (CODE, REGISTRATION, KEY_PLACE):
            (self.folder / name).unlink(missing_ok=True)
        flush_folder(self.folder)
        identity, old = self._data / FOLDER, self._data / BEFORE
        if identity.exists():
            self.clear_old()
            identity.rename(old)
        self.folder.rename(identity)
        flush_folder(self._data)
        self.clear_old()

    def clear_old(self) -> None:
        """Delete the identity that another one has replaced."""
        old = self._data / BEFORE
        if old.exists():
            shutil.rmtree(old)
