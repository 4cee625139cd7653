"""Gives the screens a voice, where the machine has something to speak with. Imported after the first picture."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.journal import log
from kiosk.selftest.sound import tone

from .narrator import Narrator
from .speaker import Speaker
from .voices import Espeak, Recordings, Voice, can_be_heard

if TYPE_CHECKING:
    from kiosk.screens import Screens

    from .said import Said

RECORDINGS: Final = "recordings"
"""Folder of recorded audio, in the terminal's data folder."""
_CHIME: Final = (880.0, 660.0)
_CHIME_SECONDS: Final = 0.15


def voices_here(data: Path) -> tuple[Voice, ...]:
    """Return who can speak on this machine, in the order in which they are asked; nobody where nothing can be heard."""
    if not can_be_heard():
        return ()
    try:
        return Recordings(data / RECORDINGS), Espeak()
    except ValueError as wrong:
        log("recordings", why=str(wrong))
        return (Espeak(),)


def let_speak(
    screens: "Screens",
    voices: tuple[Voice, ...],
    volume: Callable[[], int],
    heard: "Callable[[Said], None]" = lambda _: None,
) -> None:
    """Let the voices tell what the screens show, at the terminal's `volume`, 0 to 100, where a visitor wants no other.

    `heard` takes each sentence when it begins.
    """
    if voices:
        speaker = Speaker(voices, screens.loudness, heard)
        screens.speak_by(Narrator(speaker, lambda: tone(screens.loudness(), _CHIME, _CHIME_SECONDS)), volume)
