"""Fits sections into columns, and columns into pages. Nothing is cut: what does not fit comes on the next page."""

from dataclasses import replace

from ..frozen import frozen
from .blocks import Block, Named, Section, Signed, Stack
from .board import Pen


@frozen
class Column:
    """Room for sections on a page, in pixels."""

    x: int
    y: int
    width: int
    height: int


@frozen
class Placed:
    """A section, or a part of one, at its place."""

    section: Section
    x: int
    y: int
    width: int


_WORTH_DIVIDING = 2
"""Rows that must stand together, so that no heading is left with a single row under it, and no row by itself."""

Page = tuple[Placed, ...]


def fit(
    sections: list[Section],
    columns: tuple[Column, ...],
    gap: int,
    pen: Pen,
    later: tuple[Column, ...] | None = None,
    *,
    filled: bool = False,
) -> list[Page]:
    """Set sections into the columns of as many pages as they need, in order; `later`: those of all pages but the first.

    A section that fits whole into some column waits for it; one that fits into none is divided between its rows.
    The first page stays empty where only a later one holds the first row.
    `filled`: nothing waits, where a page holds so little that it would be half empty.
    """
    pages: list[list[Placed]] = [[]]
    column_at, used = 0, 0
    later = later or columns
    waiting = list(sections)
    while waiting:
        section, column = waiting[0], columns[column_at]
        count = section.rows_that_fit(column.height - used, column.width, pen)
        whole = count == len(section.rows)
        if count == len(section.rows) - 1 and count > _WORTH_DIVIDING and not _by_itself(section.rows[-1]):
            count -= 1  # the last row takes the one before it along
        if not whole and not filled and not _worth(section, count, used, later, pen):
            count = 0
        if count == 0 and used == 0 and column_at == len(columns) - 1 and not pages[-1] and columns == later:
            # Taller than an empty page: in parts, or it must stand somewhere, and the screen reports its overflow.
            section = section.divided(column.height, column.width, pen, titled=not filled)
            count, whole = 1, False
        if count:
            part = section.first(count)
            pages[-1].append(Placed(part, column.x, column.y + used, column.width))
            used += part.height(pen, column.width) + gap
            waiting[0:1] = [replace(section.rest(count), goes_on=filled)] if count < len(section.rows) else []
        if count == 0 or not whole:
            column_at, used = column_at + 1, 0
            if column_at == len(columns):
                column_at, columns = 0, later
                pages.append([])
    return [tuple(page) for page in pages if page or page is pages[0]]


def all_above(bottom: int, pages: list[Page], pen: Pen) -> bool:
    """Tell whether every section ends above the bottom: one row of it may be higher than a page."""
    placed = [one for page in pages for one in page]
    return all(one.y + one.section.height(pen, one.width) <= bottom for one in placed)


def draw_page(page: Page, pen: Pen) -> None:
    """Set a page's sections down on the pen's board."""
    for placed in page:
        placed.section.place(pen, placed.x, placed.y, placed.width)


def _worth(section: Section, count: int, used: int, columns: tuple[Column, ...], pen: Pen) -> bool:
    """Tell whether the first rows of a section may stand here, and the others elsewhere."""
    most = [section.rows_that_fit(other.height, other.width, pen) for other in columns]
    if used and len(section.rows) in most:  # whole, it waits for the column that it fits into
        return False
    least = 1 if _by_itself(section.rows[0]) else _WORTH_DIVIDING
    return count >= min(least, max(most))


def _by_itself(row: Block) -> bool:
    """Tell whether a row may stand alone: it has a name and lines of its own, as a document has."""
    return isinstance(row, Named) or (isinstance(row, Signed) and isinstance(row.block, Stack))
