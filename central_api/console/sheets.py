"""Tables as files for a spreadsheet: sent row by row, and no cell of them is a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from starlette.responses import Response, StreamingResponse

from .asked import HEADERS

Cell = str | int
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_sheet(name: str, rows: Iterable[Sequence[Cell]]) -> Response:
    """Answer rows, the headings first, as a CSV file of a name; however many there are."""
    headers = {**HEADERS, "content-disposition": f'attachment; filename="istilam-{name}.csv"'}
    return StreamingResponse(_written(rows), headers=headers, media_type="text/csv; charset=utf-8")


def safe(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _written(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    # Spreadsheets take a file without this mark for one of their own old encodings.
    yield "\ufeff"
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
        if text.tell() > 1 << 16:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()
