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
    from qrcode.exceptions import DataOverflowError
    from qrcode.main import QRCode

    levels: dict[Level, int] = {
        "L": constants.ERROR_CORRECT_L,
        "M": constants.ERROR_CORRECT_M,
        "Q": constants.ERROR_CORRECT_Q,
        "H": constants.ERROR_CORRECT_H,
    }
    code: Any = QRCode(error_correction=levels[level], border=0, mask_pattern=mask)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as too_long:
        raise ValueError(f"{len(text)} characters do not fit into a QR code at level {level}") from too_long
    return [[bool(module) for module in row] for row in code.get_matrix()]


def raster(text: str, dots: int, level: Level = "M", *, mask: int | None = None) -> Raster:
    """The code for paper: `dots` dots a module (6 and more read well), quiet zone included."""
    return Raster.from_matrix(matrix(text, level, mask=mask), dots, QUIET_ZONE)
