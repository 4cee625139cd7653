"""What happens while digits are typed and papers are checked: events, and the effects that the terminal carries out."""

from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from .entry_state import CheckedPaper, Locked, NoMatch
from .field import Edit
from .frozen import frozen

if TYPE_CHECKING:
    from .visit_state import Found, NotFound

# ---- events in ----------------------------------------------------------------------------------------------------


@frozen
class FieldEdited:
    """The field on the screen was typed into, by its own keypad or by any keyboard."""

    edit: Edit


@frozen
class EntryConfirmed:
    """What is in the field is complete, as the visitor says; or what was typed is to be asked once more."""


@frozen
class NumberReopened:
    """The visitor wants to look at the number again."""


@frozen
class CodeAnswered:
    """The answer to the LookUpCode of this visit."""

    visit: int
    answer: "Found | NotFound | NoMatch | Locked"


@frozen
class PaperChecked:
    """The answer to the CheckPaper of this visit."""

    visit: int
    paper: CheckedPaper


@frozen
class DeskHoursChanged:
    """The desk's hours today, (opens, closes) in minutes of the day; None where the office set none."""

    hours: tuple[tuple[int, int], ...] | None


EntryEvent: TypeAlias = FieldEdited | EntryConfirmed | NumberReopened | CodeAnswered | PaperChecked

# ---- effects out --------------------------------------------------------------------------------------------------


@frozen
class LookUpCode:
    """Ask the office for the status of a number by its secret code, and answer with CodeAnswered of the same visit."""

    visit: int
    tracking: str = field(repr=False)
    code: str = field(repr=False)


@frozen
class CheckPaper:
    """Judge the text of a receipt's code, and answer with PaperChecked of the same visit."""

    visit: int
    text: str = field(repr=False)
