"""QR codes as module matrices, rastered by ourselves.

Printers' own QR commands and the library's pictures come with a quiet zone of one module or a fixed size; the standard
(ISO/IEC 18004, 7.3.7) asks for four modules, and a worn scanner needs them.
"""

from typing import Any, Final, Literal

from devices.raster import Raster

QUIET_ZONE: Final = 4
"""Light modules on each side."""

Level = Literal["L", "M", "Q", "H"]
"""Error correction: 7, 15, 25 or 30 % of the codewords may be lost."""


def matrix(text: str, level: Level = "M", *, mask: int | None = None) -> list[list[bool]]:
    """Dark modules, rows from the top, without the quiet zone; segments of digits and capitals are packed tightly.

    mask: 0 to 7, any of which a reader takes; None tries all eight and takes the best, which costs 25 ms. What is
    signed is as good as random, so that one mask serves as well as another.

    Raises ValueError when the text does not fit into version 40 at this level.
    """
    from qrcode import constants
    from qrcode.main import QRCode

    levels: dict[Level, int] = {
        "L": constants.ERROR_CORRECT_L,
        "M": constants.ERROR_CORRECT_M,
        "Q": constants.ERROR_CORRECT_Q,
        "H": constants.ERROR_CORRECT_H,
    }
    code: Any = QRCode(error_correction=levels[level], border=0, mask_pattern=mask)
    code.add_data(text)
    code.version = _version(code.data_list, levels[level])
    code.make(fit=False)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _version(segments: list[Any], level: int) -> int:
    """Return the least version that holds the segments.

    The library's own search writes them out bit by bit, twice; their lengths say it (ISO/IEC 18004, 7.4).
    """
    from qrcode import util

    bits = sum(4 + _bits(segment.mode, len(segment)) for segment in segments)
    for version in range(1, 41):
        counts: Any = util.mode_sizes_for_version(version)
        if bits + sum(counts[segment.mode] for segment in segments) <= util.BIT_LIMIT_TABLE[level][version]:
            return version
    raise ValueError(f"{bits} bits do not fit into a QR code")


def _bits(mode: int, length: int) -> int:
    from qrcode import util

    if mode == util.MODE_NUMBER:
        return length // 3 * 10 + (0, 4, 7)[length % 3]
    return length // 2 * 11 + length % 2 * 6 if mode == util.MODE_ALPHA_NUM else length * 8


def raster(text: str, dots: int, level: Level = "M", *, mask: int | None = None) -> Raster:
    """The code for paper: `dots` dots a module (6 and more read well), quiet zone included."""
    return Raster.from_matrix(matrix(text, level, mask=mask), dots, QUIET_ZONE)
