"""Parts a text that is higher than its room: where a sentence ends, and only where that is not enough between words."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from kiosk.theme import USUAL

from .blocks import Block, Heading, Line, Stack
from .board import Pen

_ENDS: Final = (".", "?", "!", "؟", "።", "।")
"""What a sentence ends with in the languages of the screens."""
_SMALLER: Final = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5)
"""Shares of their size that letters may have where they would be parted."""
LEAST_OF_A_SENTENCE: Final = 0.75


def parted(block: Block, pen: Pen, width: int, room: int) -> list[Block]:
    """Return a block as it is, or a text that is higher than `room` as several that are not.

    It is parted where a sentence ends. A sentence that is higher than the room stands whole in smaller letters, though
    none smaller than usual; where that is not enough, it is parted between words.
    """
    if block.height(pen, width) <= room or not isinstance(block, Line | Heading):
        return [block]
    parts: list[Block] = []
    for text in _filled(_sentences_of(block.text), lambda text: replace(block, text=text).height(pen, width) <= room):
        one = replace(block, text=text)
        whole = in_one(one, pen, width, room, LEAST_OF_A_SENTENCE) if isinstance(one, Line) else None
        if whole is not None:
            parts.append(whole)
            continue
        words = _filled(_words_of(text), lambda text: replace(block, text=text).height(pen, width) <= room)
        parts += [replace(block, text=text) for text in words]
    return parts


def begun(line: Line, pen: Pen, width: int, room: int) -> tuple[Line, ...]:
    """Return a text as its first sentences, as many as fit into the room, and the others; whole, where that is vain."""
    first, *others = _filled(_sentences_of(line.text), lambda text: replace(line, text=text).height(pen, width) <= room)
    return tuple(replace(line, text=text) for text in (first, " ".join(others)) if text)


def _filled(pieces: list[str], fits: Callable[[str], bool]) -> list[str]:
    """Join pieces of a text, as many together as fit; one that does not fit stands alone."""
    filled: list[str] = []
    here: list[str] = []
    for piece in pieces:
        if here and not fits(" ".join((*here, piece))):
            filled.append(" ".join(here))
            here = []
        here.append(piece)
    return [*filled, " ".join(here)]


def in_one(line: Line, pen: Pen, width: int, room: int, least: float = 0.0) -> Line | None:
    """Return a text in letters with which it fits into the room, as large as goes; None where there are none.

    Smaller than `least` of their size they are not, nor smaller than usual.
    """
    return next((one for one in sizes_of(line, pen, least) if one.height(pen, width) <= room), None)


def sizes_of(line: Line, pen: Pen, least: float = 0.0) -> Iterator[Line]:
    """Yield a text as it is, and in smaller letters: not below `least` of their size, nor smaller than usual."""
    yield line
    for share in (share for share in _SMALLER if share >= least):
        size = round(line.style.size * max(share, USUAL / pen.theme.text))
        yield replace(line, style=replace(line.style, size=size))


def as_large_as_goes(  # noqa: PLR0917 - texts, and where they stand
    lines: tuple[Line, ...], gap: int, pen: Pen, width: int, room: int, least: float = LEAST_OF_A_SENTENCE
) -> Stack | None:
    """Return texts in letters with which the room holds all of them; None where they would be too small for that."""
    tried = (Stack(one, gap) for one in zip(*(sizes_of(line, pen, least) for line in lines), strict=True))
    return next((one for one in tried if one.height(pen, width) <= room), None)


def _sentences_of(text: str) -> list[str]:
    """Part a text where a sentence ends."""
    sentences: list[list[str]] = [[]]
    for word in _words_of(text):
        sentences[-1].append(word)
        if word.rstrip("\u2069").endswith(_ENDS):
            sentences.append([])
    return [" ".join(words) for words in sentences if words]


def _words_of(text: str) -> list[str]:
    """Part a text at its spaces, but within no isolate: a telephone number stays together."""
    words: list[str] = []
    depth = 0
    for word in text.split(" "):
        if depth:
            words[-1] += f" {word}"
        else:
            words.append(word)
        depth += sum(word.count(mark) for mark in "\u2066\u2067\u2068") - word.count("\u2069")
    return words
