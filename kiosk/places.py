"""A desk or counter in words: what it is called, where it is, when it is open."""

from itertools import groupby
from typing import TYPE_CHECKING

from devices.lettering import Direction, isolate

from .frozen import frozen

if TYPE_CHECKING:
    from central_api.contract.content import Place, Text
    from central_api.contract.terminal_settings import Opening

    from .words import Words


@frozen
class ToldPlace:
    """`name` with counter and floor, and a line for each group of days with the same hours, and the telephone."""

    name: str
    lines: tuple[str, ...]


def said(text: "Text", words: "Words") -> str:
    """Return a text of the office's content in the words' language; where it is not written, in English."""
    return text.of(words.language) or text.en


def tell_place(place: "Place", words: "Words") -> ToldPlace:
    """Tell a place."""
    parts = [said(place.name, words)]
    if place.counter:
        parts.append(words("place.counter", counter=words.code(place.counter)).replace(" ", "\u00a0"))
    if place.floor is not None:
        parts.append(said(place.floor, words))
    lines = [] if place.hours is None else _hours(place.hours, words)
    if place.phone:
        lines.append(words("place.phone", phone=words.code(place.phone)))
    return ToldPlace(words("place.and").join(isolate(part) for part in parts), tuple(lines))


def _hours(week: "tuple[tuple[Opening, ...], ...]", words: "Words") -> list[str]:
    """Tell the hours of a week, days with the same hours in one line; closed days are left out."""
    lines: list[str] = []
    for spans, days in groupby(range(len(week)), key=lambda day: week[day]):
        same = list(days)
        if not spans:
            continue
        first, last = (words(f"weekday.{day}") for day in (same[0], same[-1]))
        named = first if len(same) == 1 else words("place.days", first=first, last=last)
        line = words("place.hours", days=named, hours=_spans(spans, words))
        lines.append(line[:1].upper() + line[1:])
    return lines


def _spans(spans: "tuple[Opening, ...]", words: "Words") -> str:
    """Tell from when to when; who reads from the right meets the closing time first in “08:00–14:00”."""
    if words.direction is Direction.LTR:
        return " ".join(words.code(f"{_clock(opens)}–{_clock(closes)}") for opens, closes in spans)
    return words("entry.desk.and").join(
        words("entry.desk.span", opens=words.minute(opens), closes=words.minute(closes)).replace(" ", "\u00a0")
        for opens, closes in spans
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
