"""A camera whose frames arrive as picture files in a folder: each new or changed file is looked at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from devices.scanner.picture import NotAPicture, codes_in

LOOK: Final = 0.1
"""Seconds between looks into the folder: a frame rate of ten is enough for a hand with a slip."""

PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".pgm"})


class Camera:
    """What lies in the folder when it starts is old and is not read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._present()

    def look(self) -> Iterator[bytes]:
        """The codes in the frames that came since the last look; damaged frames hold none."""
        present = self._present()
        fresh = sorted(present.items() - self._seen.items(), key=lambda frame: (frame[1], frame[0]))
        self._seen = present
        for path, _ in fresh:
            try:
                yield from codes_in(path)
            except (NotAPicture, OSError):
                continue  # half written, or gone again: the next frame is a tenth of a second away

    def _present(self) -> dict[Path, tuple[int, int, int]]:
        """Each frame by when it was written, its size and which file it is: a time alone is as coarse as its disk's."""
        try:
            found = [path for path in self._folder.iterdir() if path.suffix.lower() in PICTURES]
        except OSError:
            return {}
        frames: dict[Path, tuple[int, int, int]] = {}
        for path in found:
            try:
                frame = path.stat()
            except OSError:
                continue  # gone between the listing and the look
            frames[path] = frame.st_mtime_ns, frame.st_size, frame.st_ino
        return frames
