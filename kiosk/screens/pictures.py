"""The small drawings beside documents: what to look for at home, for who cannot read the name."""

from collections.abc import Callable
from typing import Final

from central_api.contract.content import Picture
from kiosk.theme import Colour, Palette

from .shapes import Draw, box, ellipse, strokes

_OnIt = Callable[[Colour, Colour], Draw]
"""What stands on a sheet: a function of ink and ground."""

Box = tuple[float, float, float, float]
_SHEET: Final[Box] = (-0.52, -0.72, 1.04, 1.44)
_CARD: Final[Box] = (-0.78, -0.5, 1.56, 1.0)


def picture_sign(picture: Picture | None, palette: Palette) -> Draw:
    """Return the drawing of a document; a plain sheet where the office names none."""
    ink, ground = palette.green, palette.green_ground

    def draw(x: float, y: float, r: float) -> None:
        sheet = _CARD if picture in {Picture.CARD, Picture.BANK, Picture.SHIELD} else _SHEET
        _outlined(ink, ground, sheet)(x, y, r)
        _ON_IT[picture or Picture.PAPER](ink, ground)(x, y, r)

    return draw


def _outlined(ink: Colour, ground: Colour, sides: Box) -> Draw:
    left, bottom, wide, high = sides

    def draw(x: float, y: float, r: float) -> None:
        box(ink, x, y, sides, r, radius=0.1)
        box(ground, x, y, (left + 0.07, bottom + 0.07, wide - 0.14, high - 0.14), r, radius=0.05)

    return draw


def _lines(*rows: tuple[float, float, float]) -> _OnIt:
    """Return lines of writing: left, height and length of each."""

    def on_it(ink: Colour, ground: Colour) -> Draw:
        def draw(x: float, y: float, r: float) -> None:
            for left, bottom, wide in rows:
                box(ink, x, y, (left, bottom, wide, 0.08), r, radius=0.04)

        return draw

    return on_it


def _face(x: float, y: float, size: float) -> _OnIt:
    """Return a head and shoulders."""

    def on_it(ink: Colour, ground: Colour) -> Draw:
        def draw(cx: float, cy: float, r: float) -> None:
            ellipse(ink, cx + x * r, cy + (y + 0.34 * size) * r, 0.26 * size * r)
            box(ink, cx, cy, (x - 0.42 * size, y - 0.5 * size, 0.84 * size, 0.5 * size), r, radius=0.22 * size)

        return draw

    return on_it


def _strokes(half: float, *lines: tuple[float, ...]) -> _OnIt:
    return lambda ink, ground: strokes(ink, half, list(lines))


def _all(*parts: _OnIt) -> _OnIt:
    def on_it(ink: Colour, ground: Colour) -> Draw:
        def draw(x: float, y: float, r: float) -> None:
            for part in parts:
                part(ink, ground)(x, y, r)

        return draw

    return on_it


def _seal(x: float, y: float, size: float) -> _OnIt:
    def on_it(ink: Colour, ground: Colour) -> Draw:
        def draw(cx: float, cy: float, r: float) -> None:
            ellipse(ink, cx + x * r, cy + y * r, size * r)
            ellipse(ground, cx + x * r, cy + y * r, size * 0.68 * r)
            ellipse(ink, cx + x * r, cy + y * r, size * 0.4 * r)

        return draw

    return on_it


_WRITING: Final = _lines((-0.32, 0.4, 0.64), (-0.32, 0.2, 0.64), (-0.32, 0.0, 0.44))
_ON_IT: Final = {
    Picture.PAPER: _all(_WRITING, _lines((-0.32, -0.2, 0.64), (-0.32, -0.4, 0.3))),
    Picture.PASSPORT: _all(_seal(0, 0.12, 0.3), _lines((-0.3, -0.42, 0.6))),
    Picture.CARD: _all(_face(-0.4, 0.02, 0.6), _lines((0.08, 0.18, 0.5), (0.08, -0.04, 0.5), (0.08, -0.26, 0.3))),
    Picture.PHOTO: _face(0, -0.06, 1.0),
    Picture.LAB: _strokes(
        0.05,
        (-0.16, 0.48, 0.16, 0.48),
        (-0.1, 0.46, -0.1, 0.06, -0.3, -0.42, 0.3, -0.42, 0.1, 0.06, 0.1, 0.46),
        (-0.2, -0.16, 0.2, -0.16),
    ),
    Picture.SHIELD: _all(
        _strokes(0.05, (0, 0.36, 0.28, 0.24, 0.28, -0.04, 0, -0.36, -0.28, -0.04, -0.28, 0.24, 0, 0.36)),
        _strokes(0.05, (-0.12, 0.0, -0.02, -0.1, 0.14, 0.12)),
    ),
    Picture.BANK: _strokes(
        0.05,
        (-0.42, 0.14, 0, 0.34, 0.42, 0.14, -0.42, 0.14),
        (-0.26, 0.1, -0.26, -0.22),
        (0, 0.1, 0, -0.22),
        (0.26, 0.1, 0.26, -0.22),
        (-0.42, -0.3, 0.42, -0.3),
    ),
    Picture.CONTRACT: _all(
        _WRITING, _strokes(0.045, (-0.32, -0.4, -0.2, -0.22, -0.12, -0.42, 0.0, -0.24, 0.08, -0.4, 0.32, -0.3))
    ),
    Picture.LIST: _all(*(_lines((-0.32, y, 0.12), (-0.1, y, 0.42)) for y in (0.4, 0.16, -0.08, -0.32))),
    Picture.STAMP: _all(_WRITING, _seal(0.18, -0.36, 0.22)),
}
