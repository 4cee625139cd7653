"""What the office sets on this terminal: signed, kept beside the vault, verified at each start, never going back."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from central_api.contract.errors import Refused
from central_api.contract.terminal_settings import TerminalSettings, open_settings
from devices.durable import write_whole

FILE: Final = "office-settings.cbor"


class OfficeSettings:
    """The settings in one data folder, for the terminal of this name. `key_of` gives content keys by their numbers."""

    def __init__(self, data: Path, name: str, key_of: Callable[[int], bytes]) -> None:
        self._path = data / FILE
        self._name = name
        self._key_of = key_of
        self.current: TerminalSettings | None = None

    @property
    def number(self) -> int:
        """The number in use; 0 for none."""
        return 0 if self.current is None else self.current.number

    def load(self) -> str | None:
        """Take up what was kept, if it still holds; returns why it does not."""
        try:
            self.current = self._opened(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, Refused) as error:
            return str(error)
        return None

    def take(self, data: bytes) -> TerminalSettings:
        """Take newer settings, and keep them. Raises Refused, or OSError where the disk does not take them."""
        settings = self._opened(data)
        if settings.number < self.number or (settings.number == self.number and settings != self.current):
            raise Refused("settings that go back")
        if settings != self.current:
            write_whole(self._path, data)
            self.current = settings
        return settings

    def _opened(self, data: bytes) -> TerminalSettings:
        settings = open_settings(data, self._key_of)
        if settings.terminal != self._name:
            raise Refused("settings of another terminal")
        return settings
