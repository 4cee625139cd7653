"""Written words as they are spoken: codes digit by digit, dates by the month's name, times by hour and minute.

Every number, date, time and code in the catalogues' strings is isolated (U+2066..U+2069): each is known here for what
it is, and none is guessed from its surroundings.
"""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kiosk.words import Words

_INNERMOST: Final = re.compile("([\u2066\u2067\u2068])([^\u2066\u2067\u2068\u2069]*)\u2069")
_LEFT_TO_RIGHT: Final = "\u2066"
"""What isolates a number, date, time or code; the others isolate words."""
_DATE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})")
_LONGEST_NUMBER: Final = 4
"""Digits of what is a count; more of them are a code."""
_MARKS_OF_LAYOUT: Final = re.compile("[\u200b-\u200f\u202a-\u202e]")


def spoken(text: str, words: "Words") -> str:
    """Return a text of `words`' language as it is to be spoken."""
    while found := _INNERMOST.search(text):
        inside = _isolated(found[2], words) if found[1] == _LEFT_TO_RIGHT else found[2]
        text = text[: found.start()] + inside + text[found.end() :]
    return re.sub(r"\s+", " ", _MARKS_OF_LAYOUT.sub("", text).replace(" · ", ", ").replace("\u00a0", " ")).strip()


def _isolated(text: str, words: "Words") -> str:
    if date := _DATE.fullmatch(text):
        day, month, year = (int(part) for part in date.groups())
        return words("speech.date", day=day, month=words(f"month.{month}"), year=year)
    if time := _TIME.fullmatch(text):
        hour, minute = (int(part) for part in time.groups())
        return words("speech.time" if minute else "speech.hour", hour=hour, minute=minute)
    if text.isdigit() and len(text) <= _LONGEST_NUMBER:
        return text
    if re.search(r"\d", text) and re.fullmatch(r"[A-Za-z0-9+ .\u00a0-]+", text):
        return spelled(text)
    return text


def spelled(code: str) -> str:
    """Spell a code: its letters and digits one by one, with a pause between its groups."""
    groups = re.split(r"[^A-Za-z0-9]+", code)
    return ", ".join(" ".join(group) for group in groups if group)
