"""The paper of the virtual printer: a roll that ends, a head, a cutter some way above it, and pictures of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from devices.raster import Raster

DOTS_PER_MM: Final = 8
"""203 dots an inch."""

CUTTER_ROWS: Final = 96
"""12 mm between the head and the cutter: whoever cuts without feeding cuts into what he printed."""

NEAR_END_ROWS: Final = 1000 * DOTS_PER_MM
"""The near-end sensor sees the last metre."""


class Paper:
    """Rows from the cutter down to the head. `left`: rows that the roll still has, None for a roll without end."""

    def __init__(self, folder: Path, width_dots: int, roll_mm: int | None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.width_bytes = width_dots // 8
        self.left: int | None = None if roll_mm is None else roll_mm * DOTS_PER_MM
        self.rows_moved = 0
        self._folder = folder
        self._blank = bytes(self.width_bytes)
        self._rows: list[bytes] = [self._blank] * CUTTER_ROWS
        self._printed_since_cut = False
        self._cuts = _highest_number(folder)

    @property
    def out(self) -> bool:
        return self.left is not None and self.left <= 0

    @property
    def near_end(self) -> bool:
        return self.left is not None and self.left <= NEAR_END_ROWS

    def add(self, row: bytes | None = None) -> None:
        """Move the paper by one row, printed or blank; what is wider than the head is not printed."""
        if row is not None and any(row):
            self._printed_since_cut = True
        self._rows.append((row or b"")[: self.width_bytes].ljust(self.width_bytes, b"\0"))
        self.rows_moved += 1
        if self.left is not None:
            self.left -= 1

    def cut(self) -> Path | None:
        """Cut at the cutter; what lies between cutter and head is the beginning of the next paper."""
        strip, self._rows = self._rows[:-CUTTER_ROWS], self._rows[-CUTTER_ROWS:]
        if not strip:
            return None
        self._printed_since_cut = any(any(row) for row in self._rows)
        self._cuts += 1
        return self._save(strip, self._folder / f"paper-{self._cuts:04d}.png")

    @property
    def hanging_rows(self) -> int:
        """Rows beyond the cutter, not cut off yet."""
        return len(self._rows) - CUTTER_ROWS

    def hanging(self) -> "Raster | None":
        """What hangs out beyond the cutter, for whoever stands before the printer; None when nothing does."""
        from devices.raster import Raster

        rows = self._rows[:-CUTTER_ROWS]
        return Raster(self.width_bytes * 8, len(rows), b"".join(rows)) if rows else None

    def leave(self) -> Path | None:
        """Save what hangs out uncut when the program ends, if anything was printed on it."""
        if not self._printed_since_cut:
            return None
        return self._save(self._rows, self._folder / f"paper-{self._cuts + 1:04d}-uncut.png")

    def _save(self, rows: list[bytes], path: Path) -> Path:
        from devices.raster import Raster

        picture = Raster(self.width_bytes * 8, len(rows), b"".join(rows)).to_image()
        draft = path.with_suffix(".part")
        picture.save(draft, format="PNG")
        return draft.replace(path)


def _highest_number(folder: Path) -> int:
    """Go on numbering where an earlier run stopped, so that no picture is overwritten."""
    numbers = [int(path.stem.split("-")[1]) for path in folder.glob("paper-[0-9][0-9][0-9][0-9]*.png")]
    return max(numbers, default=0)
