"""What is typed into a field: its text, where the cursor stands, and what is selected. No toolkit, no drawing.

Places are counted between characters in the order of the text, 0 before the first: how they look on a screen that is
read from the right is the screen's own affair. No repr shows the text: it may be a secret code.
"""

from collections.abc import Callable
from dataclasses import field, replace
from typing import Final, TypeAlias, assert_never

from central_api.contract.numbers import fold_digits

from .frozen import frozen

Accepts: TypeAlias = Callable[[str], str]
"""Takes what was typed and gives what of it may stand in the field."""


@frozen
class Insert:
    """Set a text in the place of what is selected, or at the cursor."""

    text: str = field(repr=False)


@frozen
class Erase:
    """Take away what is selected, else the character before the cursor; `after`: the one behind it."""

    after: bool = False


@frozen
class EraseAll:
    """Empty the field."""


@frozen
class PutCursor:
    """Move the cursor to a place; `selecting`: what lies between stays or becomes selected."""

    place: int
    selecting: bool = False


Edit: TypeAlias = Insert | Erase | EraseAll | PutCursor


@frozen
class Field:
    """A text of at most `room` characters. `anchor` is the end of the selection where the cursor is not."""

    room: int
    text: str = field(default="", repr=False)
    cursor: int = 0
    anchor: int = 0

    @property
    def selection(self) -> tuple[int, int]:
        """Where the selection begins and ends; both are the cursor's place where nothing is selected."""
        return min(self.cursor, self.anchor), max(self.cursor, self.anchor)

    @property
    def full(self) -> bool:
        return len(self.text) >= self.room

    def edited(self, edit: Edit, accepts: Accepts) -> "Field":
        """Return the field after an edit. What does not fit any more is not taken."""
        begin, end = self.selection
        match edit:
            case Insert(text):
                taken = accepts(text)[: self.room - len(self.text) + end - begin]
                if not taken:
                    return self
                return self._with(self.text[:begin] + taken + self.text[end:], begin + len(taken))
            case Erase(after):
                if begin == end:
                    begin, end = (begin, end + 1) if after else (max(0, begin - 1), end)
                return self._with(self.text[:begin] + self.text[end:], begin)
            case EraseAll():
                return Field(self.room)
            case PutCursor(place, selecting):
                at = min(max(place, 0), len(self.text))
                return replace(self, cursor=at, anchor=self.anchor if selecting else at)
            case _:
                assert_never(edit)

    def _with(self, text: str, cursor: int) -> "Field":
        return Field(self.room, text, cursor, cursor)


def filled(room: int, text: str) -> Field:
    """Return a field with a text in it, and the cursor behind it."""
    text = text[:room]
    return Field(room, text, len(text), len(text))


def only_digits(text: str) -> str:
    """Accept digits of three scripts, as 0-9; whatever stands between them is passed over."""
    return "".join(letter for letter in fold_digits(text) if letter in _DIGITS)


_DIGITS: Final = frozenset("0123456789")
