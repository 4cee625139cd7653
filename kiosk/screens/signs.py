"""The signs of the look, drawn from smooth shapes: nothing to load, and sharp at every size."""

from math import cos, radians, sin
from typing import Final

from kivy.graphics import Color, SmoothTriangle
from kivy.uix.widget import Widget

from kiosk.marks import Mark, Sign
from kiosk.theme import Colour, Palette

from .shapes import Draw, box, disc, ellipse, strokes


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
            return waiting(palette)
        case Sign.SUSPENDED:
            return disc(palette.blue, pause(palette.card))
        case Sign.RETURNED:
            return disc(palette.amber, _hand(palette.card))
        case Sign.REJECTED:
            return disc(palette.red, cross(palette.card))
        case Sign.COMPLETED:
            return disc(palette.green, tick(palette.card))


def mark_sign(mark: Mark, palette: Palette) -> Draw:
    """Return the sign of one step of the chain."""
    match mark:
        case Mark.DONE:
            return disc(palette.green, tick(palette.card))
        case Mark.HERE:
            return ring(palette.green, palette.card, 0.28)
        case Mark.SUSPENDED:
            return disc(palette.blue, pause(palette.card))
        case Mark.COMING:
            return ring(palette.edge, palette.card, 0.14)
        case Mark.RETURNED:
            return disc(palette.amber, _turned_arrow(palette.card))
        case Mark.REJECTED:
            return disc(palette.red, cross(palette.card))


def success(palette: Palette) -> Draw:
    return disc(palette.green, tick(palette.card))


def ended(palette: Palette) -> Draw:
    return disc(palette.amber, bar_and_dot(palette.card, upright=True))


def not_ours(palette: Palette) -> Draw:
    """Return the sign of a paper that is not as the office signed it."""
    return disc(palette.red, cross(palette.card))


def information(palette: Palette) -> Draw:
    return disc(palette.blue, bar_and_dot(palette.card, upright=False))


def ring(colour: Colour, inside: Colour, thickness: float) -> Draw:
    """Return a ring whose thickness is a share of its radius."""

    def draw(x: float, y: float, r: float) -> None:
        ellipse(colour, x, y, r)
        ellipse(inside, x, y, r * (1 - thickness))

    return draw


def tick(colour: Colour) -> Draw:
    return strokes(colour, 0.085, [(-0.38, -0.02, -0.1, -0.32, 0.4, 0.32)])


def large_tick(colour: Colour) -> Draw:
    """Return a tick that fills its square: beside words, on nothing."""
    return strokes(colour, 0.11, [(-0.8, 0.0, -0.25, -0.58, 0.8, 0.58)])


def cross(colour: Colour) -> Draw:
    return strokes(colour, 0.085, [(-0.32, -0.32, 0.32, 0.32), (-0.32, 0.32, 0.32, -0.32)])


def pause(colour: Colour) -> Draw:
    return strokes(colour, 0.085, [(-0.2, -0.32, -0.2, 0.32), (0.2, -0.32, 0.2, 0.32)])


def bar_and_dot(colour: Colour, *, upright: bool) -> Draw:
    """Return a bar over a dot (something went wrong), or a dot over a bar (information)."""
    side = -1 if upright else 1

    def draw(x: float, y: float, r: float) -> None:
        strokes(colour, 0.09, [(0, side * -0.46, 0, side * 0.14)])(x, y, r)
        ellipse(colour, x, y + side * 0.42 * r, 0.12 * r)

    return draw


def arrow(colour: Colour, *, right: bool) -> Draw:
    """Return an arrowhead: to the page on that side."""
    side = 1 if right else -1
    return strokes(colour, 0.11, [(side * -0.22, 0.46, side * 0.26, 0, side * -0.22, -0.46)])


def erase(colour: Colour) -> Draw:
    """Return a key that points back, with a cross on it: the last letter goes."""
    key = (-0.62, 0, -0.3, 0.4, 0.62, 0.4, 0.62, -0.4, -0.3, -0.4, -0.62, 0)
    return strokes(colour, 0.07, [key, (0.02, 0.17, 0.34, -0.17), (0.02, -0.17, 0.34, 0.17)])


def person(colour: Colour) -> Draw:
    """Return a figure with its arms out: what makes the terminal easier to use."""

    def draw(x: float, y: float, r: float) -> None:
        ellipse(colour, x, y + 0.56 * r, 0.2 * r)
        arms, body, legs = (-0.62, 0.22, 0.62, 0.22), (0, 0.22, 0, -0.16), (-0.34, -0.8, 0, -0.16, 0.34, -0.8)
        strokes(colour, 0.09, [arms, body, legs])(x, y, r)

    return draw


def clock(palette: Palette) -> Draw:
    """Return a clock: it is not the hour."""
    hands = strokes(palette.card, 0.08, [(0, 0.5, 0, 0, 0.34, -0.2)])
    return disc(palette.blue, hands)


def requirements_list(palette: Palette) -> Draw:
    """Return a list with its ticks: what is asked for."""
    lines = [(-0.02, y, 0.42, y) for y in (0.3, 0.0, -0.3)]
    ticks = [(-0.42, y, -0.32, y - 0.1, -0.18, y + 0.1) for y in (0.3, 0.0, -0.3)]
    return disc(palette.green, strokes(palette.card, 0.06, [*lines, *ticks]))


def somebody_comes(palette: Palette) -> Draw:
    """Return a person on a filled disc: somebody comes."""

    def draw(x: float, y: float, r: float) -> None:
        ellipse(palette.green, x, y, r)
        ellipse(palette.card, x, y + 0.28 * r, 0.24 * r)
        box(palette.card, x, y, (-0.42, -0.52, 0.84, 0.5), r, radius=0.24)

    return draw


def bolt(colour: Colour) -> Draw:
    return strokes(colour, 0.085, [(0.14, 0.52, -0.24, -0.02, 0.24, 0.02, -0.14, -0.52)])


def power(palette: Palette) -> Draw:
    return disc(palette.amber, bolt(palette.card))


def cloud_cut(colour: Colour, ground: Colour) -> Draw:
    """Return a cloud with a stroke: the network is cut."""

    def draw(x: float, y: float, r: float) -> None:
        for dx, dy, part in ((-0.42, -0.16, 0.36), (0.04, 0.12, 0.5), (0.48, -0.14, 0.38)):
            ellipse(colour, x + dx * r, y + dy * r, part * r)
        box(colour, x, y, (-0.78, -0.52, 1.64, 0.5), r, radius=0.24)
        strokes(ground, 0.14, [(-0.78, -0.78, 0.78, 0.78)])(x, y, r)
        strokes(colour, 0.06, [(-0.78, -0.78, 0.78, 0.78)])(x, y, r)

    return draw


def printer(palette: Palette) -> Draw:
    """Return a printer with its paper coming out."""

    def draw(x: float, y: float, r: float) -> None:
        ring(palette.green, palette.green_ground, 0.03)(x, y, r)
        box(palette.green, x, y, (-0.36, 0.12, 0.72, 0.34), r)
        box(palette.green, x, y, (-0.56, -0.3, 1.12, 0.52), r)
        box(palette.card, x, y, (-0.36, -0.62, 0.72, 0.62), r)
        for line in (-0.18, -0.34, -0.5):
            box(palette.green, x, y, (-0.24, line, 0.48, 0.06), r)

    return draw


def slip(palette: Palette) -> Draw:
    """Return a slip with its code on the reader's light, for a green panel."""

    def draw(x: float, y: float, r: float) -> None:
        paper_of_slip(palette)(x, y, r)
        readers_light(palette.light)(x, y, r)

    return draw


def slip_on_paper(palette: Palette) -> Draw:
    """Return the same for the bare screen: its sheet has an edge there, or it would be as the screen is."""

    def draw(x: float, y: float, r: float) -> None:
        box(palette.line, x, y, (-0.63, -0.65, 1.26, 1.56), r, radius=0.1)
        paper_of_slip(palette)(x, y, r)
        readers_light(palette.light_on_paper)(x, y, r)

    return draw


def readers_light(colour: Colour) -> Draw:
    """Return the light under which a slip is put."""
    return lambda x, y, r: box(colour, x, y, (-0.75, -0.88, 1.5, 0.1), r, radius=0.05)


def paper_of_slip(palette: Palette) -> Draw:
    """Return a slip with its code, above where the light is."""
    cells: Final = ((-0.36, 0.44), (0.16, 0.44), (-0.36, -0.08))

    def draw(x: float, y: float, r: float) -> None:
        box(palette.card, x, y, (-0.6, -0.62, 1.2, 1.5), r, radius=0.08)
        for left, bottom in cells:
            box(palette.green, x, y, (left, bottom, 0.22, 0.22), r, radius=0.01)
        for left, bottom, wide, high in (
            (-0.04, 0.5, 0.1, 0.1),
            (-0.04, 0.24, 0.1, 0.1),
            (0.16, -0.08, 0.09, 0.22),
            (0.31, 0.06, 0.07, 0.22),
        ):
            box(palette.green, x, y, (left, bottom, wide, high), r, radius=0.01)
        box(palette.green, x, y, (-0.36, -0.28, 0.72, 0.07), r, radius=0.035)
        box(palette.green, x, y, (-0.36, -0.43, 0.48, 0.07), r, radius=0.035)

    return draw


def passport(palette: Palette) -> Draw:
    """Return a passport with the sign of its chip, on the reader's light."""

    def draw(x: float, y: float, r: float) -> None:
        box(palette.green, x, y, (-0.56, -0.7, 1.12, 1.5), r, radius=0.1)
        ring(palette.card, palette.green, 0.16)(x, y + 0.26 * r, 0.3 * r)
        box(palette.card, x, y, (-0.3, 0.23, 0.6, 0.05), r, radius=0.025)
        box(palette.card, x, y, (-0.22, -0.36, 0.44, 0.24), r, radius=0.06)
        box(palette.green, x, y, (-0.22, -0.265, 0.12, 0.05), r, radius=0.01)
        box(palette.green, x, y, (0.1, -0.265, 0.12, 0.05), r, radius=0.01)
        box(palette.light_on_paper, x, y, (-0.75, -0.92, 1.5, 0.1), r, radius=0.05)

    return draw


def waiting(palette: Palette) -> Draw:
    """Return an hourglass in a ring."""

    def draw(x: float, y: float, r: float) -> None:
        ring(palette.green, palette.card, 0.2)(x, y, r)
        glass = [(-0.3, 0.42, 0.3, 0.42), (-0.3, -0.42, 0.3, -0.42)]
        sides = [
            (-0.22, 0.42, -0.22, 0.24, 0.22, -0.24, 0.22, -0.42),
            (0.22, 0.42, 0.22, 0.24, -0.22, -0.24, -0.22, -0.42),
        ]
        strokes(palette.green, 0.05, [*glass, *sides])(x, y, r)
        Color(*palette.green)
        SmoothTriangle(points=[x - 0.15 * r, y - 0.36 * r, x + 0.15 * r, y - 0.36 * r, x, y - 0.16 * r])

    return draw


def _hand(colour: Colour) -> Draw:
    """Return an open hand: something is asked of whoever looks at it."""
    fingers = ((-0.3, 0.3), (-0.1, 0.46), (0.1, 0.42), (0.3, 0.24))

    def draw(x: float, y: float, r: float) -> None:
        box(colour, x, y, (-0.38, -0.56, 0.76, 0.58), r, radius=0.26)
        for middle, top in fingers:
            box(colour, x, y, (middle - 0.08, -0.3, 0.16, top + 0.3), r, radius=0.08)
        strokes(colour, 0.085, [(-0.28, -0.3, -0.56, 0.02)])(x, y, r)

    return draw


def _turned_arrow(colour: Colour) -> Draw:
    """Return an arrow that turns back."""
    bend = [(0.12 + 0.28 * cos(radians(a)), -0.08 + 0.28 * sin(radians(a))) for a in range(90, -91, -15)]
    shaft = [(-0.36, 0.2), *bend, (-0.08, -0.36)]
    return strokes(colour, 0.08, [tuple(n for point in shaft for n in point), (-0.14, 0.46, -0.42, 0.2, -0.14, -0.06)])
