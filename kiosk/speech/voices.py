"""Who speaks: recorded people where there is a recording, espeak-ng (Debian: espeak-ng) for everything else.

Each sentence is a process of its own, which can be killed at any moment. What is to be said goes in through a pipe: the
arguments of a process can be read by others.
"""

import array
import io
import shutil
import subprocess
import sys
import tomllib
import wave
from pathlib import Path
from typing import Final, Protocol

from kiosk.machine import SYSTEM
from kiosk.visit_state import ScreenLanguage

from .said import Said

VOICES: Final[dict[ScreenLanguage, str]] = {"ar": "ar", "fr": "fr-fr", "en": "en-gb"}
"""Languages that are spoken, by espeak-ng's names."""
WORDS_A_MINUTE: Final = 140
INDEX: Final = "recordings.toml"

_WITH_US: Final = ("setpriv", "--pdeathsig", "KILL", "--")
"""Of util-linux: whoever speaks is killed when the terminal's process ends, also where that crashed."""

Speaking = subprocess.Popen[bytes]


class Voice(Protocol):
    """Speaks one sentence at a time, at a volume of 0 to 100."""

    def begin(self, said: Said, volume: int) -> Speaking | None:
        """Start to speak. Returns the process, which ends with the sentence; None where this voice cannot say it."""
        ...


class Espeak:
    """espeak-ng, which plays through the machine's sound device by itself."""

    def begin(self, said: Said, volume: int) -> Speaking | None:
        if said.language not in VOICES:
            return None
        return _fed(self.command(said.language, volume), said.text.encode())

    def command(self, language: ScreenLanguage, volume: int) -> list[str]:
        """Return the command that speaks what comes in, UTF-8."""
        return [
            "espeak-ng",
            "-v",
            VOICES[language],
            "-s",
            str(WORDS_A_MINUTE),
            "-a",
            str(volume * 2),
            "-b",
            "1",
            "--stdin",
        ]


class Recordings:
    """Recorded audio in a folder: WAV files of 16 bits, and `recordings.toml`, which names the file of each sentence.

    ```toml
    [ar]
    "ضعوا الإيصال تحت الضوء" = "place-slip-ar.wav"
    ```

    Raises ValueError for an index that is no such table; a file that cannot be read is left to the next voice.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self._files = tomllib.loads((folder / INDEX).read_text(encoding="utf-8"))
        except FileNotFoundError:
            self._files = {}
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"{folder / INDEX}: {error}") from None

    def begin(self, said: Said, volume: int) -> Speaking | None:
        file = self._files.get(said.language, {}).get(said.text)
        if file is None:
            return None
        try:
            sound = at_volume((self._folder / file).read_bytes(), volume)
        except (OSError, wave.Error, EOFError):
            return None
        return play(sound)


def play(sound: bytes) -> Speaking | None:
    """Start to play a WAV file; None where nothing can play it."""
    return _fed(["aplay", "-q", "-"], sound)


def at_volume(sound: bytes, volume: int) -> bytes:
    """Return a WAV file of 16 bits, softer: `volume` is 0 to 100. Raises wave.Error for another kind of file."""
    with wave.open(io.BytesIO(sound)) as recorded:
        parameters, frames = recorded.getparams(), recorded.readframes(recorded.getnframes())
    if parameters.sampwidth != 2:
        raise wave.Error("not of 16 bits")
    samples = array.array("h", frames)
    if sys.byteorder == "big":
        samples.byteswap()
    softer = array.array("h", (sample * volume // 100 for sample in samples))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams(parameters)
        out.writeframes(softer.tobytes())
    return file.getvalue()


def can_be_heard(system: Path = SYSTEM) -> bool:
    """Tell whether this machine has a sound device to play on, and a voice."""
    there = any((system / "sys/class/sound").glob("pcmC*D*p"))
    return there and shutil.which("espeak-ng") is not None


def _fed(command: list[str], data: bytes) -> Speaking | None:
    try:
        process = subprocess.Popen(
            [*_WITH_US, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None
    assert process.stdin is not None
    try:
        process.stdin.write(data)
        process.stdin.close()
    except BrokenPipeError:
        pass  # it could not start to speak: its end says so
    return process
