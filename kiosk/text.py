"""Pango's lettering on the screen: white textures that Kivy tints. Kivy's own labels reverse digits in Arabic.

What was lettered is kept, so that a screen which is drawn again costs nothing, and dropped whole when a visit ends.
"""

from typing import Any, Final

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from devices import qr
from devices.lettering import Align, Direction, Paragraph, Style

from .theme import Colour

_Key = tuple[str, Style, Direction, int | None, Align, int | None]


def _paragraph(  # noqa: PLR0917 - Paragraph's own order
    text: str, style: Style, direction: Direction, width: int | None, align: Align, max_lines: int | None
) -> Paragraph:
    """Lay out; a line that starts where it is set needs no texture as wide as its room, most of it empty."""
    if width is not None and align is Align.START:
        natural = Paragraph(text, style, direction)
        if natural.width <= width and natural.line_count == 1:
            return natural
    return Paragraph(text, style, direction, width, align, max_lines)


class Lettered:
    """A paragraph with its measures in pixels, and the texture that shows it, made when it is first drawn."""

    __slots__ = (
        *("_paragraph", "_texture", "bleed", "direction", "height", "ink_width", "lines", "style", "text", "truncated"),
        *("unknown_glyphs", "width"),
    )

    def __init__(self, key: _Key) -> None:
        text, style, direction, width, align, max_lines = key
        paragraph = _paragraph(text, style, direction, width, align, max_lines)
        self._paragraph: Paragraph | None = paragraph
        self._texture: Any = None
        self.text = text
        self.style = style
        self.direction = direction
        self.ink_width = paragraph.ink_width
        self.width = paragraph.width
        self.height = paragraph.height
        self.bleed = paragraph.bleed
        self.lines = paragraph.line_count
        # The edge of the last letter may be rounded up to a pixel that its width does not have.
        self.truncated = paragraph.truncated or (width is not None and paragraph.ink_width > width + 1)
        self.unknown_glyphs = paragraph.unknown_glyphs

    @property
    def texture(self) -> Any:
        if self._paragraph is not None:
            self._texture = _texture(self._paragraph)
            self._paragraph = None
        return self._texture


class Letterer:
    """Letters text once, and remembers it until `forget`."""

    def __init__(self) -> None:
        self._known: dict[_Key, Lettered] = {}

    def letter(  # noqa: PLR0917 - Paragraph's own order
        self,
        text: str,
        style: Style,
        direction: Direction,
        width: int | None = None,
        align: Align = Align.START,
        max_lines: int | None = None,
    ) -> Lettered:
        """Return the text as a texture; the arguments are Paragraph's."""
        key = (text, style, direction, width, align, max_lines)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Lettered(key)
        return found

    def forget(self) -> None:
        """Drop every text: nothing that was lettered for a visitor outlives the visit."""
        self._known.clear()

    def __len__(self) -> int:
        return len(self._known)


class Text(Widget):
    """Lettered text at a place, tinted."""

    def __init__(self, lettered: Lettered, colour: Colour, pos: tuple[float, float]) -> None:
        super().__init__(size_hint=(None, None), size=(lettered.width, lettered.height), pos=pos)
        self.lettered = lettered
        with self.canvas:
            Color(*colour)
            # Marks and dots may stand out above and below the line; the texture holds them, the widget's box does not.
            Rectangle(
                pos=(pos[0], pos[1] - lettered.bleed),
                size=(lettered.width, lettered.height + 2 * lettered.bleed),
                texture=lettered.texture,
            )

    def blank(self) -> None:
        """Let go of the text; what was drawn goes with the canvas."""
        del self.lettered


class Code(Widget):
    """A QR code, black on white, with its quiet zone of four modules; `side` is the most it may take."""

    def __init__(self, text: str, side: int, pos: tuple[float, float]) -> None:
        modules = qr.matrix(text, "M", mask=3)
        count = len(modules) + 2 * qr.QUIET_ZONE
        # A whole number of pixels a module: a scaled module is a blurred one, and phones read it less well.
        scale = max(1, side // count)
        super().__init__(size_hint=(None, None), size=(count * scale, count * scale), pos=pos)
        light = b"\xff" * qr.QUIET_ZONE
        blank = b"\xff" * count
        rows = [light + bytes(0 if dark else 255 for dark in row) + light for row in modules]
        pixels = b"".join([blank] * qr.QUIET_ZONE + rows + [blank] * qr.QUIET_ZONE)
        texture: Any = Texture.create(size=(count, count), colorfmt="luminance", mipmap=False)
        texture.mag_filter = texture.min_filter = "nearest"
        texture.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
        texture.flip_vertical()
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=pos, size=self.size, texture=texture)


_EMPTY: Final = (1, 1)


def stencil(size: tuple[int, int], alpha: bytes) -> Any:
    """Return a texture, white with `alpha` as coverage, that Kivy's Color tints. It is set at whole pixels."""
    pixels = bytearray(b"\xff") * (2 * len(alpha))
    pixels[1::2] = alpha
    texture: Any = Texture.create(size=size, colorfmt="luminance_alpha", mipmap=False)
    texture.mag_filter = texture.min_filter = "nearest"  # never scaled: exact, and half the work
    texture.blit_buffer(pixels, colorfmt="luminance_alpha", bufferfmt="ubyte")
    return texture


def _texture(paragraph: Paragraph) -> Any:
    size = (paragraph.width, paragraph.height + 2 * paragraph.bleed)
    if not paragraph.width or not paragraph.height:
        texture = stencil(_EMPTY, b"\0")
    else:
        texture = stencil(size, paragraph.alpha(paragraph.bleed))
    texture.flip_vertical()
    return texture
