"""espeak-ng itself, speaking into WAV files instead of a room, and the text of what it began to say."""

import tempfile
from itertools import count
from pathlib import Path

from kiosk.speech.said import Said
from kiosk.speech.voices import Espeak
from kiosk.visit_state import ScreenLanguage


class Recorder(Espeak):
    """Each sentence a file in `folder`; `transcript` takes each when it begins."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp())
        self.transcript: list[Said] = []
        self._numbers = count()

    def command(self, language: ScreenLanguage, volume: int) -> list[str]:
        return [*super().command(language, volume), "-w", str(self.folder / f"{next(self._numbers):04}.wav")]

    def texts(self) -> list[str]:
        return [said.text for said in self.transcript]
