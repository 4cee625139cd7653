"""Sound: a device that plays, and a tone for somebody to hear."""

import array
import io
import math
import shutil
import subprocess
import wave
from pathlib import Path
from typing import Final

from central_api.contract.readiness import Part
from kiosk.machine import SYSTEM

from .findings import Finding

_RATE: Final = 44_100
_NOTES: Final = (660.0, 880.0, 660.0, 880.0)
_NOTE_SECONDS: Final = 0.4
_PLAY_SECONDS: Final = 6.0


def check_sound_present(system: Path = SYSTEM) -> Finding:
    """Look for a playback device (ALSA)."""
    there = any((system / "sys/class/sound").glob("pcmC*D*p"))
    return Finding(Part.SOUND, "not_asked" if there else "absent")


def play_tone(volume: int, system: Path = SYSTEM) -> Finding:
    """Play four notes, at `volume` of 0 to 100; `not_asked` where they went out: an ear must tell the rest."""
    present = check_sound_present(system)
    if present.detail == "absent":
        return present
    if player := shutil.which("aplay"):
        command, sound = [player, "-q", "-"], tone(volume)
    elif player := shutil.which("speaker-test"):
        command, sound = [player, "-t", "sine", "-f", str(round(_NOTES[1])), "-l", "1"], b""
    else:
        return Finding(Part.SOUND, "no_player")
    try:
        done = subprocess.run(command, input=sound, capture_output=True, timeout=_PLAY_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return Finding(Part.SOUND, "refused")
    return Finding(Part.SOUND, "refused" if done.returncode else "not_asked")


def tone(volume: int, notes: tuple[float, ...] = _NOTES, seconds: float = _NOTE_SECONDS) -> bytes:
    """Return notes (Hz) of so many seconds each as a WAV file, 16 bits, one channel.

    Each swells and fades, so that nothing clicks.
    """
    samples = array.array("h")
    count = int(_RATE * seconds)
    for note in notes:
        for at in range(count):
            swell = math.sin(math.pi * at / count)
            samples.append(round(32_000 * volume / 100 * swell * math.sin(2 * math.pi * note * at / _RATE)))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RATE)
        out.writeframes(samples.tobytes())
    return file.getvalue()
