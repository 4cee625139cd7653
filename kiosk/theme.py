"""The look as tokens: colours, type, space. A screen asks the theme, never a number of its own.

Sizes are pixels of the panel. The reference is 1080x1920 on 21.5 inches; another panel scales it by its shorter side.
"""

from dataclasses import dataclass
from typing import Final

from devices.lettering import Style

Colour = tuple[float, float, float, float]
ANSWER_SIZES: Final = (64, 60, 56, 52)
"""Of the one sentence that answers: the largest with which it takes the fewest lines."""

REFERENCE_SHORT_SIDE: Final = 1080
REFERENCE_PIXELS_PER_MM: Final = 4.03


def rgb(code: str) -> Colour:
    """Read a colour written as `#rrggbb`."""
    red, green, blue = bytes.fromhex(code[1:])
    return (red / 255, green / 255, blue / 255, 1.0)


@dataclass(frozen=True, slots=True)
class Palette:
    """What each colour is for. Text on its ground holds a contrast of 7:1; no colour carries a meaning alone."""

    ink: Colour
    soft: Colour
    paper: Colour
    card: Colour
    line: Colour
    green: Colour
    green_ground: Colour
    amber: Colour
    amber_ground: Colour
    red: Colour
    red_ground: Colour
    blue: Colour
    blue_ground: Colour
    light: Colour
    on_green: Colour
    shade: Colour


LIGHT: Final = Palette(
    ink=rgb("#16211d"),
    soft=rgb("#3f4f48"),
    paper=rgb("#f7f4ee"),
    card=rgb("#ffffff"),
    line=rgb("#d9d4c8"),
    green=rgb("#0b5547"),
    green_ground=rgb("#e3efe9"),
    amber=rgb("#7a4100"),
    amber_ground=rgb("#fdf0dc"),
    red=rgb("#8f1d1d"),
    red_ground=rgb("#fdecec"),
    blue=rgb("#1b4a73"),
    blue_ground=rgb("#e8f1f8"),
    light=rgb("#f2c66d"),
    on_green=rgb("#ffffff"),
    shade=(0.0, 0.0, 0.0, 0.55),
)


@dataclass(frozen=True, slots=True)
class Theme:
    """The tokens for one panel. `pixels_per_mm` is the panel's own; touch targets are judged by it."""

    width: int
    height: int
    palette: Palette = LIGHT
    pixels_per_mm: float | None = None

    @property
    def unit(self) -> float:
        """Pixels of this panel for one pixel of the reference."""
        return min(self.width, self.height) / REFERENCE_SHORT_SIDE

    @property
    def landscape(self) -> bool:
        return self.width > self.height

    def px(self, reference: float) -> int:
        """Scale a length of the reference to this panel."""
        return max(1, round(reference * self.unit))

    @property
    def target(self) -> int:
        """The least height of what is to be pressed: 20 mm on the panel."""
        density = self.pixels_per_mm or REFERENCE_PIXELS_PER_MM * self.unit
        return round(20 * density)

    @property
    def margin(self) -> int:
        return self.px(56)

    @property
    def gap(self) -> int:
        return self.px(36)

    def type(self, size: float, *, strong: bool = False) -> Style:
        """Return a text style: 64 answer, 40 title, 36 strong body, 32 body; never below 30 on the reference."""
        return Style(self.px(size), 700 if strong else 400, 1.4)
