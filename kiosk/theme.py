"""The look as tokens: colours, type, space. A screen asks the theme, never a number of its own.

Sizes are pixels of the panel. The reference is 1080x1920 on 21.5 inches; another panel scales it by its shorter side.
"""

from dataclasses import replace
from typing import Final

from devices.lettering import Style

from .comfort import Comfort, Contrast
from .frozen import frozen

Colour = tuple[float, float, float, float]
ANSWER_SIZES: Final = (64, 60, 56, 52)
"""Of the one sentence that answers: the largest with which it takes the fewest lines."""

USUAL: Final = 100
"""The usual size of letters, in percent."""
SIZES: Final = (200, 175, 150, 125, USUAL)
"""Of letters, in percent: the largest that was asked for, and those that a screen without the room takes instead."""

REFERENCE_SHORT_SIDE: Final = 1080
REFERENCE_PIXELS_PER_MM: Final = 4.03
LARGEST: Final = 96
"""What letters grow to, in pixels of the reference: headings, large already, grow less than what stands under them."""
LEAST_CAPITALS_MM: Final = 4.8
CAPITALS_OF_EM: Final = 0.714
"""Height of Noto Sans' capitals, of its em (its OS/2 table: 714 of 1000)."""


def rgb(code: str) -> Colour:
    """Read a colour written as `#rrggbb`."""
    red, green, blue = bytes.fromhex(code[1:])
    return (red / 255, green / 255, blue / 255, 1.0)


@frozen
class Palette:
    """What each colour is for. Text on its ground holds a contrast of 7:1; no colour carries a meaning alone.

    `line` parts what is only read. `edge`: of what is pressed, and the ring of what is still to come. `light`: of the
    reader, as a picture on `green` shows it.
    """

    ink: Colour
    soft: Colour
    paper: Colour
    card: Colour
    line: Colour
    edge: Colour
    green: Colour
    green_ground: Colour
    amber: Colour
    amber_ground: Colour
    red: Colour
    red_ground: Colour
    blue: Colour
    blue_ground: Colour
    light: Colour
    light_on_paper: Colour
    on_green: Colour
    shade: Colour


LIGHT: Final = Palette(
    ink=rgb("#16211d"),
    soft=rgb("#3f4f48"),
    paper=rgb("#f7f4ee"),
    card=rgb("#ffffff"),
    line=rgb("#d9d4c8"),
    edge=rgb("#857f72"),
    green=rgb("#0b5547"),
    green_ground=rgb("#e3efe9"),
    amber=rgb("#7a4100"),
    amber_ground=rgb("#fdf0dc"),
    red=rgb("#8f1d1d"),
    red_ground=rgb("#fdecec"),
    blue=rgb("#1b4a73"),
    blue_ground=rgb("#e8f1f8"),
    light=rgb("#f2c66d"),
    light_on_paper=rgb("#bd7d0e"),
    on_green=rgb("#ffffff"),
    shade=(0.0, 0.0, 0.0, 0.55),
)


DARK: Final = Palette(
    ink=rgb("#f2efe8"),
    soft=rgb("#c3cdc8"),
    paper=rgb("#101513"),
    card=rgb("#1a211e"),
    line=rgb("#4b5751"),
    edge=rgb("#76847d"),
    green=rgb("#7fd3bb"),
    green_ground=rgb("#12312a"),
    amber=rgb("#f3bd6a"),
    amber_ground=rgb("#33240a"),
    red=rgb("#ffb0a8"),
    red_ground=rgb("#3a1513"),
    blue=rgb("#9cc8f0"),
    blue_ground=rgb("#12283b"),
    light=rgb("#7a4100"),
    light_on_paper=rgb("#f2c66d"),
    on_green=rgb("#0b1512"),
    shade=(0.0, 0.0, 0.0, 0.55),
)

HIGH: Final = Palette(
    ink=rgb("#ffffff"),
    soft=rgb("#ffffff"),
    paper=rgb("#000000"),
    card=rgb("#000000"),
    line=rgb("#ffffff"),
    edge=rgb("#ffffff"),
    green=rgb("#ffff00"),
    green_ground=rgb("#000000"),
    amber=rgb("#ffff00"),
    amber_ground=rgb("#000000"),
    red=rgb("#ffffff"),
    red_ground=rgb("#000000"),
    blue=rgb("#00ffff"),
    blue_ground=rgb("#000000"),
    light=rgb("#000000"),
    light_on_paper=rgb("#ffff00"),
    on_green=rgb("#000000"),
    shade=(0.0, 0.0, 0.0, 0.55),
)

PALETTES: Final = {Contrast.LIGHT: LIGHT, Contrast.DARK: DARK, Contrast.HIGH: HIGH}

WITHIN_REACH_MM: Final = 300
"""Of a tall panel, counted from its lower edge, what somebody in a wheelchair reaches without raising the arm."""


@frozen
class Theme:
    """The tokens for one panel. `pixels_per_mm` is the panel's own; touch targets and capitals are judged by it.

    `text`: the size of letters, in percent of the usual. `moves`: whether anything on the screen may move.
    `panel`: its size, where this is a sheet higher than it; lengths are scaled by it. `beyond_reach`: so much from the
    upper edge nothing that is pressed may stand; what is only read may.
    """

    width: int
    height: int
    palette: Palette = LIGHT
    pixels_per_mm: float | None = None
    text: int = 100
    moves: bool = True
    panel: tuple[int, int] | None = None
    beyond_reach: int = 0

    def sheet(self, factor: float) -> "Theme":
        """Return this theme for a sheet that is higher than the panel by a factor; letters and lengths stay."""
        return replace(self, height=round(self.height * factor), panel=(self.width, self.height), beyond_reach=0)

    def suited(self, comfort: Comfort) -> "Theme":
        """Return this theme as a visitor wants it; in low reach nothing is pressed higher than an arm's rest."""
        beyond = 0
        if comfort.low_reach and not self.landscape:
            beyond = max(0, self.height - max(self.width, round(WITHIN_REACH_MM * self.density)))
        palette = PALETTES[comfort.contrast]
        return replace(self, beyond_reach=beyond, palette=palette, text=comfort.size, moves=not comfort.easy)

    def over_targets(self, height: int) -> int:
        """Return where words of this height begin, so that what is pressed under them is within reach."""
        return max(self.margin, self.beyond_reach - height)

    @property
    def unit(self) -> float:
        """Pixels of this panel for one pixel of the reference."""
        return min(self.panel or (self.width, self.height)) / REFERENCE_SHORT_SIDE

    @property
    def landscape(self) -> bool:
        return self.width > self.height

    @property
    def steps(self) -> tuple[int, ...]:
        """The sizes of letters from what is wanted down to the usual ones, in percent."""
        return tuple(size for size in SIZES if size <= self.text)

    def px(self, reference: float) -> int:
        """Scale a length of the reference to this panel."""
        return max(1, round(reference * self.unit))

    @property
    def target(self) -> int:
        """The least height of what is to be pressed: 20 mm on the panel."""
        return round(20 * self.density)

    @property
    def density(self) -> float:
        """Pixels a millimetre: the panel's own, or those of a panel like the reference."""
        return self.pixels_per_mm or REFERENCE_PIXELS_PER_MM * self.unit

    @property
    def line(self) -> int:
        """The thickness of the line around a box."""
        return self.px(2.25)

    @property
    def margin(self) -> int:
        return self.px(56)

    @property
    def gap(self) -> int:
        return self.px(36)

    def type(self, size: float, *, strong: bool = False) -> Style:
        """Return a text style: 64 answer, 40 title, 36 strong body, 32 body; never below 30 on the reference."""
        least = LEAST_CAPITALS_MM / CAPITALS_OF_EM * self.density
        wanted = min(size * self.text / USUAL, max(size, LARGEST))
        return Style(max(self.px(wanted), round(least * self.text / USUAL)), 700 if strong else 400, 1.4)
