"""The ways in beside the slip: card, number, other services, a call for help."""

from typing import Final

from kiosk.text import Lettered
from kiosk.visit_events import (
    CardChosen,
    Event,
    HelpHeld,
    HelpReleased,
    NumberChosen,
    OtherServicesChosen,
)
from kiosk.visit_state import Way

from ..frozen import frozen
from .actions import Send
from .board import Pen

_CHOSEN: Final[dict[Way, Event]] = {
    Way.CARD: CardChosen(),
    Way.NUMBER: NumberChosen(),
    Way.OTHER_SERVICES: OtherServicesChosen(),
    Way.HELP: HelpHeld(),
}

_HIGHEST: Final = 200
"""A button that grew further would look as important as the slip."""


@frozen
class _Label:
    """What a way is called, and under it how it is taken where that is not plain."""

    title: Lettered
    hint: Lettered | None

    @property
    def lines(self) -> tuple[Lettered, ...]:
        return (self.title, self.hint) if self.hint else (self.title,)

    @property
    def height(self) -> int:
        return sum(line.height for line in self.lines)


class Ways:
    """Laid out for a width: `rows` of as many columns, each row as high as its tallest label asks.

    `air`: the share of space around words and between buttons.
    """

    def __init__(self, pen: Pen, ways: frozenset[Way], width: int, columns: int, air: float = 1.0) -> None:
        self._pen = pen
        self._air = air
        self._gap = pen.theme.px(24 * air)
        shown = [way for way in Way if way in ways]
        self._rows = [shown[at : at + columns] for at in range(0, len(shown), columns)]
        self.width = width
        self._labels = {way: self._label(way, self._button_width(row)) for row in self._rows for way in row}

    @property
    def height(self) -> int:
        """The least height that shows it whole."""
        return sum(self._heights()) + self._gap * (len(self._rows) - 1)

    @property
    def text(self) -> int:
        """The size of its letters, in percent of the usual."""
        return self._pen.theme.text

    @property
    def whole(self) -> bool:
        """Whether each word stands in its button in one piece."""
        return not any(line.truncated or line.parts_a_word for label in self._labels.values() for line in label.lines)

    def narrowed(self) -> "Ways":
        """Return one column of them no wider than their words ask."""
        widest = max(max(line.width, line.ink_width) for label in self._labels.values() for line in label.lines)
        return Ways(self._pen, frozenset(self._labels), widest + 2 * self._side, 1, self._air)

    def place(self, x: int, y: int, height: int, send: Send) -> None:
        """Set it down with its top at y; rows grow alike into what `height` leaves over, up to a limit."""
        for row, tall in zip(self._rows, self._grown(height), strict=True):
            width, at = self._button_width(row), x
            for way in row:
                label, chosen = self._labels[way], _CHOSEN[way]
                self._pen.press_card(
                    *(at, y, width, tall, f"way.{way.value}", label.title, label.hint),
                    do=lambda chosen=chosen: send(chosen),
                    side=self._side,
                    release=(lambda: send(HelpReleased())) if way is Way.HELP else None,
                )
                at += width + self._gap
            y += tall + self._gap

    def _grown(self, height: int) -> list[int]:
        heights = self._heights()
        share = (height - self._gap * (len(heights) - 1)) // len(heights)
        if max(heights) > share:
            spare = height - self.height if self._air < 1 else 0
            return [tall + max(0, spare) // len(heights) for tall in heights]
        return [max(*heights, min(share, self._pen.theme.px(_HIGHEST)))] * len(heights)

    def _heights(self) -> list[int]:
        theme = self._pen.theme
        inset = theme.px(48 * self._air)
        return [max(theme.target, inset + max(self._labels[way].height for way in row)) for row in self._rows]

    def _button_width(self, row: list[Way]) -> int:
        return (self.width - self._gap * (len(row) - 1)) // len(row)

    def _label(self, way: Way, width: int) -> _Label:
        pen, inside = self._pen, width - 2 * self._side
        key = f"home.way.{way.value}"
        title = pen.letter(pen.words(key), pen.theme.type(36, strong=True), inside)
        if not pen.words.has(f"{key}.how"):
            return _Label(title, None)
        return _Label(title, pen.letter(pen.words(f"{key}.how"), pen.theme.type(30), inside))

    @property
    def _side(self) -> int:
        return self._pen.theme.px(12 + 24 * self._air)
