"""What the camera sees, live and small, while somebody holds a paper there that is not read; and a sign what to change.

Not imported before a hand is there.
"""

from typing import Any, Final

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from kiosk.camera import CameraView, PaperHint, Picture
from kiosk.theme import Colour, Palette

from .board import Pen
from .shapes import Draw, box, disc, ellipse, strokes

SHAPE: Final = 16 / 9
_LOOK: Final = 0.1
"""Seconds between looks for a new picture: the camera makes five a second."""
_FRAME: Final = 6


def place_preview(  # noqa: PLR0917 - a box, what it shows
    pen: Pen, x: float, y: float, width: int, height: int, view: CameraView, hint: PaperHint | None
) -> None:
    """Set the picture into a box, as large as its shape allows, with the sign of the hint in its corner."""
    wide = min(width, round(height * SHAPE))
    tall = round(wide / SHAPE)
    x, y = x + (width - wide) / 2, y + (height - tall) / 2
    pen.board.add_widget(Preview(view, pen.corner(x, y, wide, tall), (wide, tall), pen))
    if hint is not None:
        side = round(tall * 0.36)
        inset = (x + pen.theme.px(18), y + pen.theme.px(18))
        pen.sign(hint_sign(hint, pen.theme.palette), *inset, side)


class Preview(Widget):
    """The newest picture. It is stretched to the box as a camera's picture is; when it goes, nothing of it is left."""

    def __init__(self, view: CameraView, pos: tuple[float, float], size: tuple[int, int], pen: Pen) -> None:
        super().__init__(size_hint=(None, None), pos=pos, size=size)
        self._view = view
        self._texture: Any = None
        self._shown: Picture | None = None
        line, palette = pen.theme.px(_FRAME), pen.theme.palette
        with self.canvas:
            Color(*palette.light)
            Rectangle(pos=(pos[0] - line, pos[1] - line), size=(size[0] + 2 * line, size[1] + 2 * line))
            self._tint = Color(*palette.ink)
            self._picture = Rectangle(pos=pos, size=size)
        view.open()
        self.look()
        self._event = Clock.schedule_interval(self.look, _LOOK)

    def look(self, *_: object) -> None:
        """Show the newest picture, if there is another one."""
        picture = self._view.newest
        if picture is None or picture is self._shown:
            return
        self._shown = picture
        size = (picture.width, picture.height)
        if self._texture is None or self._texture.size != size:
            texture: Any = Texture.create(size=size, colorfmt="luminance", mipmap=False)
            texture.flip_vertical()
            self._texture = self._picture.texture = texture
            self._tint.rgba = (1, 1, 1, 1)
        self._texture.blit_buffer(picture.grey, colorfmt="luminance", bufferfmt="ubyte")
        self.canvas.ask_update()

    def on_parent(self, _: object, parent: object) -> None:
        if parent is not None:
            return
        self._event.cancel()
        self._shown = None
        if self._texture is not None:
            width, height = self._texture.size
            self._texture.blit_buffer(bytes(width * height), colorfmt="luminance", bufferfmt="ubyte")
            self._texture = None


def hint_sign(hint: PaperHint, palette: Palette) -> Draw:
    """Return the sign of what whoever holds the paper can change."""
    match hint:
        case PaperHint.CREASED:
            return disc(palette.amber, _flatten(palette.card))
        case PaperHint.DARK:
            return disc(palette.amber, _sun(palette.card))
        case PaperHint.FAR:
            return disc(palette.amber, _closer(palette.card))


def _flatten(colour: Colour) -> Draw:
    """Return a creased line, an arrow, and a flat one."""
    creased = (-0.5, 0.3, -0.25, 0.54, 0.0, 0.3, 0.25, 0.54, 0.5, 0.3)
    arrow = [(0.0, 0.16, 0.0, -0.24), (-0.16, -0.08, 0.0, -0.24, 0.16, -0.08)]
    return strokes(colour, 0.075, [creased, *arrow, (-0.5, -0.46, 0.5, -0.46)])


def _sun(colour: Colour) -> Draw:
    """Return a light with its rays."""
    rays = [(0.0, 0.42, 0.0, 0.66), (0.0, -0.42, 0.0, -0.66), (0.42, 0.0, 0.66, 0.0), (-0.42, 0.0, -0.66, 0.0)]
    rays += [(a * 0.3, b * 0.3, a * 0.47, b * 0.47) for a in (-1, 1) for b in (-1, 1)]

    def draw(x: float, y: float, r: float) -> None:
        ellipse(colour, x, y, 0.27 * r)
        strokes(colour, 0.075, rays)(x, y, r)

    return draw


def _closer(colour: Colour) -> Draw:
    """Return a paper and an arrow towards what reads it."""

    def draw(x: float, y: float, r: float) -> None:
        box(colour, x, y, (-0.28, -0.02, 0.56, 0.58), r, radius=0.06)
        strokes(colour, 0.075, [(0.0, -0.12, 0.0, -0.44), (-0.16, -0.28, 0.0, -0.44, 0.16, -0.28)])(x, y, r)
        strokes(colour, 0.075, [(-0.46, -0.6, 0.46, -0.6)])(x, y, r)

    return draw
