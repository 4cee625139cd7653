"""The states of a visit with several files: a card's, or of several slips; and the order in which they stand.

What waits for the visitor stands first. A list is a frozen value that holds the sheets, as a status does.
"""

from dataclasses import field, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from central_api.contract.numbers import fold_digits

from .frozen import frozen

if TYPE_CHECKING:
    from central_api.contract.status import Status

    from .visit_state import ProblemKind, ScreenLanguage, Sheet

MOST_LISTED: Final = 60
"""Files in one list: more slips than an agent carries, and a bound for screen and paper."""

SEARCH_FROM: Final = 9
"""Files from which on a search by number is offered."""

SEARCHED_DIGITS: Final = 11


class Group(IntEnum):
    """In the order in which they stand in a list."""

    ASKED = 0  # it waits for the visitor
    UNDER_WAY = 1
    ENDED = 2


@frozen
class Listing:
    """Several files of one visit. `at`: the index, in `shown`, of a file on the page that is shown.

    `of_card`: a card opened them, and they are shown while it lies there. `search`: digits of the numbers shown.
    """

    sheets: "tuple[Sheet, ...]" = field(repr=False)
    of_card: bool = False
    at: int = 0
    search: str = field(default="", repr=False)

    @property
    def shown(self) -> "tuple[Sheet, ...]":
        """Those that the search leaves, by group; within a group as they came."""
        found = (sheet for sheet in self.sheets if self.search in sheet.status.tracking)
        return tuple(sorted(found, key=lambda sheet: group_of(sheet.status)))

    def with_sheet(self, sheet: "Sheet") -> "Listing":
        """Add a file, or the newer status of one that is there; a full list stays as it is."""
        others = tuple(held for held in self.sheets if held.status.tracking != sheet.status.tracking)
        if len(others) >= MOST_LISTED:
            return self
        return replace(self, sheets=(*others, sheet))


def group_of(status: "Status") -> Group:
    from central_api.contract.status import State

    from .objections import examined

    match status.state:
        case State.RETURNED:
            return Group.ASKED
        case State.COMPLETED:
            return Group.ASKED if status.document_waits else Group.ENDED
        case State.REJECTED:
            return Group.ENDED if examined(status) is None else Group.UNDER_WAY
        case State.UNDER_REVIEW:
            return Group.UNDER_WAY


@frozen
class ShowList:
    """The files, one a row. `can_print`: the printer is not known to be unable to."""

    language: "ScreenLanguage"
    listing: Listing
    can_print: bool


@frozen
class SearchList:
    """Digits of a number are typed; `found` files have them so far."""

    language: "ScreenLanguage"
    listing: Listing
    typed: str = field(default="", repr=False)

    @property
    def found(self) -> int:
        return sum(self.typed in sheet.status.tracking for sheet in self.listing.sheets)


@frozen
class AddSlip:
    """One more slip of the same visitor, and nothing of the others is on the screen.

    `open`: he touched for it, and the next slip under the light is his; a touch is for one slip. `reading`: it is being
    looked up. `refused`: why it shows no status.
    """

    language: "ScreenLanguage"
    listing: Listing
    open: bool = True
    reading: bool = False
    refused: "ProblemKind | None" = None


# ---- what happens in it -------------------------------------------------------------------------------------------


@frozen
class FileChosen:
    """A row was touched: the index of its file in `Listing.shown`."""

    at: int


@frozen
class ListTurned:
    """Another page: the index, in `Listing.shown`, of its first file."""

    at: int


@frozen
class ListPressed:
    """Back to the list."""


@frozen
class SearchPressed:
    """A file is to be found by its number."""


@frozen
class AddSlipPressed:
    """The visitor has another slip."""


ListEvent: TypeAlias = FileChosen | ListTurned | ListPressed | SearchPressed | AddSlipPressed


def digit(text: str) -> str:
    """Return a typed digit of any of three scripts as 0-9; nothing for anything else."""
    folded = fold_digits(text)
    return folded if len(folded) == 1 and folded.isascii() and folded.isdigit() else ""
