"""The mark that a cut-off paper gets: `python -m devices.printer.void WIDTH` writes its packed rows to stdout.

A program of its own, run once after a fault, so that the printer's driver never holds Pango in memory.
"""

import sys
from typing import Final

from devices.raster import Raster

WORDS: Final = ("لاغٍ", "NUL", "VOID")
ROWS: Final = 3 * 104 + 2 * 24


def void_raster(width_dots: int) -> Raster:
    """The three words between two black bars, `width_dots` wide (a multiple of 8)."""
    from devices.lettering import Align, Direction, Paragraph, Style

    ink = b"\xff" * (width_dots // 8)
    bar = ink * 12 + b"\0" * len(ink) * 12
    style = Style(size=72, weight=700, line_height=104 / 72)
    parts = [bar]
    for word in WORDS:
        direction = Direction.RTL if word is WORDS[0] else Direction.LTR
        line = Paragraph(word, style, direction, width_dots, Align.CENTER)
        alpha = line.alpha()[: 104 * width_dots].ljust(104 * width_dots, b"\0")
        parts.append(Raster.from_alpha(width_dots, 104, alpha).data)
    return Raster(width_dots, ROWS, b"".join([*parts, bar[::-1]]))


if __name__ == "__main__":
    sys.stdout.buffer.write(void_raster(int(sys.argv[1])).data)
