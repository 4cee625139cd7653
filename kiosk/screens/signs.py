"""The signs of the look, drawn from smooth shapes: nothing to load, and sharp at every size."""

from collections.abc import Callable
from math import cos, radians, sin
from typing import Final

from kivy.graphics import Color, SmoothEllipse, SmoothLine, SmoothRoundedRectangle, SmoothTriangle
from kivy.uix.widget import Widget

from kiosk.marks import Mark, Sign
from kiosk.theme import Colour, Palette

Draw = Callable[[float, float, float], None]
"""Draws around (x, y) within the radius."""


class SignWidget(Widget):
    """One sign in a square of `side` pixels."""

    def __init__(self, draw: Draw, side: int, pos: tuple[float, float]) -> None:
        super().__init__(size_hint=(None, None), size=(side, side), pos=pos)
        with self.canvas:
            draw(self.center_x, self.center_y, side / 2)


def answer_sign(sign: Sign, palette: Palette) -> Draw:
    """Return the big sign beside the answer."""
    match sign:
        case Sign.WAITING:
            return _waiting(palette)
        case Sign.RETURNED:
            return _disc(palette.amber, _turned_arrow(palette.card))
        case Sign.REJECTED:
            return _disc(palette.red, cross(palette.card))
        case Sign.COMPLETED:
            return _disc(palette.green, tick(palette.card))


def mark_sign(mark: Mark, palette: Palette) -> Draw:
    """Return the sign of one step of the chain."""
    match mark:
        case Mark.DONE:
            return _disc(palette.green, tick(palette.card))
        case Mark.HERE:
            return ring(palette.green, palette.card, 0.28)
        case Mark.SUSPENDED:
            return _disc(palette.blue, pause(palette.card))
        case Mark.COMING:
            return ring(palette.line, palette.card, 0.14)
        case Mark.RETURNED:
            return _disc(palette.amber, _turned_arrow(palette.card))
        case Mark.REJECTED:
            return _disc(palette.red, cross(palette.card))


def success(palette: Palette) -> Draw:
    return _disc(palette.green, tick(palette.card))


def ended(palette: Palette) -> Draw:
    return _disc(palette.amber, bar_and_dot(palette.card, upright=True))


def information(palette: Palette) -> Draw:
    return _disc(palette.blue, bar_and_dot(palette.card, upright=False))


def ring(colour: Colour, inside: Colour, thickness: float) -> Draw:
    """Return a ring whose thickness is a share of its radius."""

    def draw(x: float, y: float, r: float) -> None:
        _ellipse(colour, x, y, r)
        _ellipse(inside, x, y, r * (1 - thickness))

    return draw


def tick(colour: Colour) -> Draw:
    return _strokes(colour, 0.085, [(-0.38, -0.02, -0.1, -0.32, 0.4, 0.32)])


def cross(colour: Colour) -> Draw:
    return _strokes(colour, 0.085, [(-0.32, -0.32, 0.32, 0.32), (-0.32, 0.32, 0.32, -0.32)])


def pause(colour: Colour) -> Draw:
    return _strokes(colour, 0.085, [(-0.2, -0.32, -0.2, 0.32), (0.2, -0.32, 0.2, 0.32)])


def bar_and_dot(colour: Colour, *, upright: bool) -> Draw:
    """Return a bar over a dot (something went wrong), or a dot over a bar (information)."""
    side = -1 if upright else 1

    def draw(x: float, y: float, r: float) -> None:
        _strokes(colour, 0.09, [(0, side * -0.46, 0, side * 0.14)])(x, y, r)
        _ellipse(colour, x, y + side * 0.42 * r, 0.12 * r)

    return draw


def person(colour: Colour) -> Draw:
    """Return a figure with its arms out: what makes the terminal easier to use."""

    def draw(x: float, y: float, r: float) -> None:
        _ellipse(colour, x, y + 0.56 * r, 0.2 * r)
        arms, body, legs = (-0.62, 0.22, 0.62, 0.22), (0, 0.22, 0, -0.16), (-0.34, -0.8, 0, -0.16, 0.34, -0.8)
        _strokes(colour, 0.09, [arms, body, legs])(x, y, r)

    return draw


def clock(palette: Palette) -> Draw:
    """Return a clock: it is not the hour."""
    hands = _strokes(palette.card, 0.08, [(0, 0.5, 0, 0, 0.34, -0.2)])
    return _disc(palette.blue, hands)


def bolt(colour: Colour) -> Draw:
    return _strokes(colour, 0.085, [(0.14, 0.52, -0.24, -0.02, 0.24, 0.02, -0.14, -0.52)])


def power(palette: Palette) -> Draw:
    return _disc(palette.amber, bolt(palette.card))


def cloud_cut(colour: Colour, ground: Colour) -> Draw:
    """Return a cloud with a stroke: the network is cut."""

    def draw(x: float, y: float, r: float) -> None:
        for dx, dy, part in ((-0.42, -0.16, 0.36), (0.04, 0.12, 0.5), (0.48, -0.14, 0.38)):
            _ellipse(colour, x + dx * r, y + dy * r, part * r)
        Color(*colour)
        SmoothRoundedRectangle(pos=(x - 0.78 * r, y - 0.52 * r), size=(1.64 * r, 0.5 * r), radius=[0.24 * r])
        _strokes(ground, 0.14, [(-0.78, -0.78, 0.78, 0.78)])(x, y, r)
        _strokes(colour, 0.06, [(-0.78, -0.78, 0.78, 0.78)])(x, y, r)

    return draw


def printer(palette: Palette) -> Draw:
    """Return a printer with its paper coming out."""

    def draw(x: float, y: float, r: float) -> None:
        _ellipse(palette.green_ground, x, y, r)
        _box(palette.green, x, y, (-0.36, 0.12, 0.72, 0.34), r)
        _box(palette.green, x, y, (-0.56, -0.3, 1.12, 0.52), r)
        _box(palette.card, x, y, (-0.36, -0.62, 0.72, 0.62), r)
        for line in (-0.18, -0.34, -0.5):
            _box(palette.green, x, y, (-0.24, line, 0.48, 0.06), r)

    return draw


def slip(palette: Palette) -> Draw:
    """Return a slip with its code on the reader's light."""
    cells: Final = ((-0.36, 0.44), (0.16, 0.44), (-0.36, -0.08))

    def draw(x: float, y: float, r: float) -> None:
        _box(palette.card, x, y, (-0.6, -0.62, 1.2, 1.5), r, radius=0.08)
        for left, bottom in cells:
            _box(palette.green, x, y, (left, bottom, 0.22, 0.22), r, radius=0.01)
        for left, bottom, wide, high in (
            (-0.04, 0.5, 0.1, 0.1),
            (-0.04, 0.24, 0.1, 0.1),
            (0.16, -0.08, 0.09, 0.22),
            (0.31, 0.06, 0.07, 0.22),
        ):
            _box(palette.green, x, y, (left, bottom, wide, high), r, radius=0.01)
        _box(palette.green, x, y, (-0.36, -0.28, 0.72, 0.07), r, radius=0.035)
        _box(palette.green, x, y, (-0.36, -0.43, 0.48, 0.07), r, radius=0.035)
        _box(palette.light, x, y, (-0.75, -0.88, 1.5, 0.1), r, radius=0.05)

    return draw


def passport(palette: Palette) -> Draw:
    """Return a passport with the sign of its chip, on the reader's light."""

    def draw(x: float, y: float, r: float) -> None:
        _box(palette.green, x, y, (-0.56, -0.7, 1.12, 1.5), r, radius=0.1)
        ring(palette.card, palette.green, 0.16)(x, y + 0.26 * r, 0.3 * r)
        _box(palette.card, x, y, (-0.3, 0.23, 0.6, 0.05), r, radius=0.025)
        _box(palette.card, x, y, (-0.22, -0.36, 0.44, 0.24), r, radius=0.06)
        _box(palette.green, x, y, (-0.22, -0.265, 0.12, 0.05), r, radius=0.01)
        _box(palette.green, x, y, (0.1, -0.265, 0.12, 0.05), r, radius=0.01)
        _box(palette.light, x, y, (-0.75, -0.92, 1.5, 0.1), r, radius=0.05)

    return draw


def _waiting(palette: Palette) -> Draw:
    def draw(x: float, y: float, r: float) -> None:
        ring(palette.green, palette.card, 0.2)(x, y, r)
        glass = [(-0.3, 0.42, 0.3, 0.42), (-0.3, -0.42, 0.3, -0.42)]
        sides = [
            (-0.22, 0.42, -0.22, 0.24, 0.22, -0.24, 0.22, -0.42),
            (0.22, 0.42, 0.22, 0.24, -0.22, -0.24, -0.22, -0.42),
        ]
        _strokes(palette.green, 0.05, [*glass, *sides])(x, y, r)
        Color(*palette.green)
        SmoothTriangle(points=[x - 0.15 * r, y - 0.36 * r, x + 0.15 * r, y - 0.36 * r, x, y - 0.16 * r])

    return draw


def _turned_arrow(colour: Colour) -> Draw:
    """Return an arrow that turns back."""
    bend = [(0.12 + 0.28 * cos(radians(a)), -0.08 + 0.28 * sin(radians(a))) for a in range(90, -91, -15)]
    shaft = [(-0.36, 0.2), *bend, (-0.08, -0.36)]
    return _strokes(colour, 0.08, [tuple(n for point in shaft for n in point), (-0.14, 0.46, -0.42, 0.2, -0.14, -0.06)])


def _disc(ground: Colour, draw_on_it: Draw) -> Draw:
    def draw(x: float, y: float, r: float) -> None:
        _ellipse(ground, x, y, r)
        draw_on_it(x, y, r)

    return draw


def _ellipse(colour: Colour, x: float, y: float, r: float) -> None:
    Color(*colour)
    SmoothEllipse(pos=(x - r, y - r), size=(2 * r, 2 * r))


def _box(
    colour: Colour, x: float, y: float, box: tuple[float, float, float, float], r: float, *, radius: float = 0.05
) -> None:
    left, bottom, wide, high = box
    Color(*colour)
    SmoothRoundedRectangle(pos=(x + left * r, y + bottom * r), size=(wide * r, high * r), radius=[radius * r])


def _strokes(colour: Colour, half: float, lines: list[tuple[float, ...]]) -> Draw:
    """Return lines in shares of the radius, each with a half width in the same measure."""

    def draw(x: float, y: float, r: float) -> None:
        Color(*colour)
        for line in lines:
            points = [(x if at % 2 == 0 else y) + share * r for at, share in enumerate(line)]
            SmoothLine(points=points, width=max(1.0, half * r))

    return draw
