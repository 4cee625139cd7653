"""One-bit pictures for paper: a dot is ink or it is not. Threshold at 50 %, never dithered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_INK_FROM_COVERAGE = [0] * 128 + [255] * 128
_INK_FROM_LIGHT = [255] * 128 + [0] * 128


@dataclass(frozen=True, slots=True)
class Raster:
    """Packed rows of dots, top row first, most significant bit leftmost, 1 = ink.

    Each row takes `row_bytes` bytes; the bits past `width_dots` are 0.
    Raises ValueError when `data` is not exactly rows * row_bytes: a wrong width prints as noise, not as an error.
    """

    width_dots: int
    rows: int
    data: bytes

    def __post_init__(self) -> None:
        if self.width_dots < 1 or self.rows < 0 or len(self.data) != self.rows * self.row_bytes:
            raise ValueError(
                f"{len(self.data)} bytes are not {self.rows} rows of {self.width_dots} dots ({self.row_bytes} bytes)"
            )

    @property
    def row_bytes(self) -> int:
        return (self.width_dots + 7) // 8

    @classmethod
    def from_alpha(cls, width: int, rows: int, alpha: bytes) -> "Raster":
        """From coverage bytes 0..255, one a dot, as `lettering.Paragraph.alpha` gives them."""
        from PIL import Image

        return cls(width, rows, Image.frombytes("L", (width, rows), alpha).point(_INK_FROM_COVERAGE, "1").tobytes())

    @classmethod
    def from_image(cls, image: "Image") -> "Raster":
        """From any Pillow image; what is transparent is paper."""
        from PIL import Image

        if image.mode in ("LA", "PA", "RGBA") or image.has_transparency_data:
            rgba = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
        return cls(image.width, image.height, image.convert("L").point(_INK_FROM_LIGHT, "1").tobytes())

    @classmethod
    def from_matrix(cls, matrix: Sequence[Sequence[bool]], dots: int, margin: int = 0) -> "Raster":
        """Square modules of `dots` dots each, as a QR code's; margin: light modules on each side."""
        side = len(matrix[0]) + 2 * margin
        light_rows = [[False] * side] * margin
        lines = [*light_rows, *([False] * margin + list(row) + [False] * margin for row in matrix), *light_rows]
        width = side * dots
        padding = (-width) % 8
        module = ("0" * dots, "1" * dots)
        packed: list[bytes] = []
        for line in lines:
            bits = "".join([module[dark] for dark in line]) + "0" * padding
            packed.append(int(bits, 2).to_bytes((width + padding) // 8, "big") * dots)
        return cls(width, len(lines) * dots, b"".join(packed))

    def to_image(self) -> "Image":
        """A Pillow image of mode "1", black on white."""
        from PIL import Image, ImageChops

        return ImageChops.invert(Image.frombytes("1", (self.width_dots, self.rows), self.data))
