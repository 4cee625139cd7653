"""The page that shows an installer what a printer can do, and what a scanner can read of it."""

from typing import TYPE_CHECKING, Final

from devices import qr
from devices.lettering import Align, Direction, Paragraph, Style
from devices.raster import Raster

if TYPE_CHECKING:
    from PIL.Image import Image

QR_TEXT: Final = "HTTPS://ISTILAM.INVALID/TEST"
QR_DOTS: Final = (4, 6, 8)
GREYS: Final = 8

_TITLE = Style(44, 700)
_BODY = Style(28)
_SMALL = Style(20)
LINES: Final = (
    ("صفحة اختبار الطابعة", _TITLE, Direction.RTL),
    ("إذا ظهرت الحروف متّصلةً وواضحة فالطابعة تعمل كما يجب.", _BODY, Direction.RTL),
    ("Page d’essai : si chaque lettre est nette (é à ç œ), l’imprimante est en ordre.", _BODY, Direction.LTR),
    ("Test page: if every letter is sharp, the printer is in order.", _BODY, Direction.LTR),
)
_GAP = 24
_MARGIN = 16
"""Dots on each side of the text: heads and guides differ by as much."""
# A 4x4 ordered pattern (Bayer): greys out of dots, without the worms of error diffusion.
_PATTERN = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))


def page(width_dots: int, printer: str, dpi: int = 203) -> Raster:
    """Arabic, French and English, greys, a ruler in millimetres, and QR codes of 4, 6 and 8 dots a module.

    printer: its address, lettered at the foot. dpi: dots an inch of its head, for the ruler.
    """
    from PIL import Image

    inner = width_dots - 2 * _MARGIN
    texts = [Paragraph(text, style, direction, inner) for text, style, direction in LINES]
    foot = Paragraph(f"{printer} · {width_dots}", _SMALL, Direction.LTR, width_dots, Align.CENTER)
    codes = [(qr.raster(QR_TEXT, dots, "Q"), dots) for dots in QR_DOTS]
    parts = [
        *(_lettered(text) for text in texts),
        _ruler(width_dots, dpi),
        _grey_ramp(width_dots),
        *(_labelled(code, dots, width_dots) for code, dots in codes),
        _lettered(foot),
    ]
    sheet = Image.new("L", (width_dots, sum(part.height + _GAP for part in parts)), 255)
    top = 0
    for part in parts:
        sheet.paste(part, (_MARGIN if part.width == inner else 0, top))
        top += part.height + _GAP
    return Raster.from_image(sheet)


def _lettered(text: Paragraph) -> "Image":
    from PIL import Image, ImageOps

    return ImageOps.invert(Image.frombytes("L", (text.width, text.height), text.alpha()))


def _ruler(width_dots: int, dpi: int) -> "Image":
    from PIL import Image

    ruler = Image.new("L", (width_dots, 56), 255)
    for millimetre in range(int((width_dots - 2) / dpi * 25.4) + 1):
        x = round(millimetre * dpi / 25.4)
        height = 24 if millimetre % 10 == 0 else 16 if millimetre % 5 == 0 else 8
        ruler.paste(0, (x, 0, x + 2, height))
        if millimetre % 10 == 0 and millimetre:
            number = _lettered(Paragraph(str(millimetre), _SMALL, Direction.LTR))
            ruler.paste(number, (x - number.width // 2, 28))
    return ruler


def _grey_ramp(width_dots: int) -> "Image":
    from PIL import Image

    ramp = Image.new("L", (width_dots, 64), 255)
    step = width_dots // GREYS
    for x in range(step * GREYS):
        darkness = (x // step + 1) * 16 // GREYS
        for y in range(64):
            if _PATTERN[y % 4][x % 4] < darkness:
                ramp.putpixel((x, y), 0)
    return ramp


def _labelled(code: Raster, dots: int, width_dots: int) -> "Image":
    from PIL import Image

    label = Paragraph(f"{dots} dots", _BODY, Direction.LTR)
    part = Image.new("L", (width_dots, max(code.rows, label.height)), 255)
    part.paste(code.to_image(), (0, 0))
    part.paste(_lettered(label), (min(code.width_dots, width_dots - label.width), (part.height - label.height) // 2))
    return part
