"""Codes out of pictures, through zxing-cpp: QR, PDF417, Aztec and the like, turned, small or blurred."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from PIL.Image import Image

CLOSER: Final = 2
"""Times by which the middle of a frame is enlarged for a second look."""

MOST_PIXELS: Final = 50_000_000
"""A picture beyond this is no photograph of a slip; it is refused before it is unpacked."""


FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "PPM")
"""What phones, scanners and cameras write; a decoder of anything else is only a way in."""


class NotAPicture(ValueError):
    """The file is no picture that can be read; the message names the reason, never what the picture shows."""


def texts_in(picture: Path) -> list[str]:
    """The text of every code in a picture file, empty if there is none. Raises NotAPicture or OSError."""
    return [code.decode("utf-8", "replace") for code in codes_in(picture)]


def codes_in(picture: Path) -> list[bytes]:
    """The bytes of every code in a picture file, as a scanner would send them. Raises NotAPicture or OSError."""
    from PIL import Image

    with picture.open("rb") as file:
        try:
            with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
                opened = Image.open(file, formats=FORMATS)
            if opened.width * opened.height <= MOST_PIXELS:
                opened.load()
        except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as unreadable:
            raise NotAPicture("not a picture, or a damaged one") from unreadable
        if opened.width * opened.height > MOST_PIXELS:
            raise NotAPicture(f"a picture of {opened.width} x {opened.height} pixels")
        return read_codes(opened)


@dataclass(frozen=True, slots=True)
class Seen:
    """unread: side in pixels of the largest code that was found and could not be read, 0 for none."""

    codes: list[bytes]
    unread: int


def look_at(grey: bytes, width: int, height: int, *, closer: bool = True) -> Seen:
    """Look at one frame of a camera: width * height grey bytes, rows from the top.

    closer: where nothing is found, look again at the enlarged middle, for paper that is held too far away.
    """
    from PIL import Image

    frame = Image.frombytes("L", (width, height), grey)
    seen = _look(frame, downscale=True)
    if seen.codes or seen.unread or not closer:
        return seen
    across, down = width // (2 * CLOSER), height // (2 * CLOSER)
    middle = frame.crop((width // 2 - across, height // 2 - down, width // 2 + across, height // 2 + down))
    seen = _look(middle.resize((width, height), Image.Resampling.BICUBIC), downscale=False)
    return Seen(seen.codes, seen.unread // CLOSER)


def _look(frame: "Image", *, downscale: bool) -> Seen:
    import zxingcpp

    read: Any = zxingcpp.read_barcodes
    only_qr = zxingcpp.BarcodeFormat.QRCode
    found = read(frame, formats=only_qr, try_rotate=True, try_downscale=downscale, return_errors=True)
    codes = [bytes(code.bytes) for code in found if code.valid]
    return Seen(codes, max((_side(code.position) for code in found if not code.valid), default=0))


def _side(position: Any) -> int:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    return max(1, max(across) - min(across), max(down) - min(down))


def read_codes(image: "Image") -> list[bytes]:
    """The bytes of every code in an image, in zxing-cpp's order."""
    import zxingcpp

    read: Any = zxingcpp.read_barcodes
    found = read(image.convert("L"), try_rotate=True, try_downscale=True)
    return [bytes(code.bytes) for code in found if code.valid]
