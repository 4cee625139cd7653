"""What the first page of an answer tells, the answer before all; and what comes later where letters are too large."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from kiosk.theme import ANSWER_SIZES

from ..frozen import frozen
from .blocks import Block, Section
from .board import Pen
from .body import Apart, Shorter


@frozen
class Manner:
    """How an answer's panel is drawn. `tight`: in the smallest of its sizes, and with the least air."""

    details: bool = True
    tight: bool = False

    @property
    def sizes(self) -> tuple[float, ...]:
        return ANSWER_SIZES[-1:] if self.tight else ANSWER_SIZES


_USUALLY: Final = Manner()
_TIGHTLY: Final = Manner(tight=True)
_BRIEFLY: Final = Manner(details=False)


@frozen
class Opening:
    """What a screen with an answer begins with.

    `whose` draws whose this is, `answer` the answer's panel under it, as its `Manner` says; both from a y, in a
    width, and return the y under them. `whose_apart` tells it as a card, for a share of its air; `details_apart` tells
    the details among the cards.
    Rather the answer is smaller than that they stand apart: with `details_matter`, the details; with `whose_matters`,
    whose this is.
    """

    whose: Callable[[Pen, int, int], int]
    answer: Callable[[Pen, int, int, Manner], int]
    whose_apart: Callable[[float], Section]
    details_apart: Apart | None
    details_matter: bool = False
    whose_matters: bool = False

    def whole(self, pen: Pen, width: int) -> int:
        return self._draw(pen, width, whose=pen.theme.text)

    def tight(self, pen: Pen, width: int) -> int:
        return self._draw(pen, width, whose=pen.theme.text, manner=_TIGHTLY)

    def shorter(self, pen: Pen) -> tuple[Shorter, ...]:
        """Return what stands there where the whole has no room, the dearest first.

        The answer and its details, such as the last day, are as large as wanted; whose this is comes in smaller
        letters, or on the next page. Where the answer itself must be smaller, it still is the largest text.
        """
        return tuple(self._shorter(pen.theme.steps))

    def _shorter(self, sizes: tuple[int, ...]) -> Iterator[Shorter]:
        smaller = sizes[1:]
        for size in smaller:
            yield Shorter(partial(self._draw, whose=size))
        if self.whose_matters:
            for size in smaller:
                yield Shorter(partial(self._draw, whose=size, answer=size))
        if smaller:
            yield Shorter(partial(self._draw, whose=None), self._whose_first)
        kept = [Shorter(partial(self._draw, whose=None, answer=size), self._whose_first) for size in smaller]
        brief = self._briefly(sizes)
        yield from (*kept, *brief) if self.details_matter else (*brief, *kept)

    def _briefly(self, sizes: tuple[int, ...]) -> Iterator[Shorter]:
        """Yield the answer without its details."""
        if self.details_apart is None:
            return
        apart = self.details_apart
        for size in sizes:
            yield Shorter(partial(self._draw, whose=size, manner=_BRIEFLY), apart)
        if len(sizes) > 1:
            both = partial(self._draw, whose=None, manner=_BRIEFLY)
            yield Shorter(both, lambda air, cards: apart(air, self._whose_first(air, cards)))

    def _whose_first(self, air: float, cards: list[Section]) -> list[Section]:
        return [self.whose_apart(air), *cards]

    def _draw(
        self, pen: Pen, width: int, *, whose: int | None, answer: int | None = None, manner: Manner = _USUALLY
    ) -> int:
        """Draw it with letters of so many percent; `whose` None: without it, `answer` None: as large as wanted."""
        y = pen.theme.margin // 2
        if whose is not None:
            y = self.whose(pen.lettered(whose), pen.theme.margin, width)
        return self.answer(pen.lettered(answer or pen.theme.text), y, width, manner)


def card(pen: Pen, rows: tuple[Block, ...], density: float) -> Section:
    """Return a part of the opening as the card that it is where it stands apart."""
    theme = pen.theme
    return Section(None, rows, round(theme.px(14) * density), round(theme.px(38) * density))
