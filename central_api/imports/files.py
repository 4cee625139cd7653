"""The files of older systems: rows read one by one from CSV or JSONL, and refused ones written beside the input."""

import csv
import io
import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, Final, TextIO, cast

import msgspec

from .profiles import Profile
from .rows import COLUMNS, Row

# No row is longer; a longer line is refused in pieces, so that memory stays constant whatever the file holds.
MOST_LINE: Final = 1 << 16
_LIST_COLUMNS: Final = ("line", "reason")

Read = tuple[int, "Row | str", "Sequence[str] | bytes"]
"""Line number, the row or what is wrong with it, and its source: cells, or a line of JSON."""


class WrongFile(ValueError):
    """A file that is not of a kind that can be imported, or whose header is wrong."""


class CsvRows:
    """Rows of a CSV file: commas or semicolons, the columns in any order.

    UTF-8 with or without byte order mark, and our names of the columns, unless a profile says otherwise.
    """

    def __init__(self, file: BinaryIO, profile: Profile | None = None) -> None:
        self._profile = profile
        self.encoding = profile.encoding if profile else "utf-8"
        reads_as = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        self._text = io.TextIOWrapper(file, encoding=reads_as, errors="replace", newline="")
        try:
            head = self._text.readline(MOST_LINE)
        except UnicodeError:
            raise WrongFile(f"not written in {self.encoding}, as its profile says") from None
        self._delimiter = ";" if head.count(";") > head.count(",") else ","
        self.header = [name.strip().lower() for name in next(csv.reader([head or "\n"], delimiter=self._delimiter))]
        self._ours = profile.ours(self.header) if profile else self.header
        unknown = [name for name in self._ours if name not in COLUMNS and not profile]
        if unknown or not {"system", "action", "at"} <= {*self._ours, *(profile.fixed if profile else ())}:
            found = f"unknown column {unknown[0][:40]!r}" if unknown else "no column system, action or at"
            raise WrongFile(f"{found}; the columns are {', '.join(COLUMNS)}")

    def rows(self) -> Generator[Read]:
        """Yield every row with its line number (the header is line 1)."""
        lines = iter(partial(self._text.readline, MOST_LINE), "")
        reader = csv.reader(lines, delimiter=self._delimiter)
        width = len(self.header)
        # Where each column of a row stands in the file; what is not there is the empty cell put behind each row.
        in_order = itemgetter(*(self._ours.index(name) if name in self._ours else width for name in COLUMNS))
        complete = self._profile.complete if self._profile else None
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield reader.line_num + 1, f"not CSV: {error}", []
                continue
            if cells is None:
                return
            if len(cells) != width:
                if cells:
                    yield reader.line_num + 1, f"expected {width} cells, found {len(cells)}", cells
            elif "\ufffd" in "".join(cells):
                yield reader.line_num + 1, "not UTF-8", cells
            else:
                row = Row(*in_order([*cells, ""]))
                yield reader.line_num + 1, complete(row) if complete else row, cells

    def refused_header(self) -> str:
        """Return the first line of the file of refused rows."""
        kept = [name for name in self.header if name not in _LIST_COLUMNS]
        return _csv_line(["line", "reason", *kept], self._delimiter)

    def refused(self, line: int, reason: str, source: Sequence[str] | bytes) -> str:
        """Return a refused row as it was, behind its line number and the reason."""
        cells = zip(self.header, cast(Sequence[str], source), strict=False)
        kept = [cell for name, cell in cells if name not in _LIST_COLUMNS]
        return _csv_line([str(line), reason, *kept], self._delimiter)


class JsonRows:
    """Rows of a JSONL file: one object a line, UTF-8 with or without byte order mark; the columns are its keys."""

    encoding = "utf-8"

    def __init__(self, file: BinaryIO, profile: Profile | None = None) -> None:
        self._file = file
        self._profile = profile

    def rows(self) -> Generator[Read]:
        """Yield every row with its line number."""
        decode = msgspec.json.Decoder(Row).decode if self._profile is None else partial(_decoded, self._profile)
        number = 0
        while line := self._file.readline(MOST_LINE):
            number += 1
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if line.isspace():
                continue
            try:
                yield number, decode(line), line
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                yield number, f"not a row: {error}", line

    def refused_header(self) -> str:
        """Return nothing: JSONL has no header."""
        return ""

    def refused(self, line: int, reason: str, source: Sequence[str] | bytes) -> str:
        """Return a refused row as it was with its line number and the reason, or its text where it is no object."""
        try:
            row = msgspec.json.decode(cast(bytes, source), type=dict[str, object])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            row = {"text": cast(bytes, source).decode(errors="replace").rstrip("\r\n")}
        return json.dumps({**row, "line": line, "reason": reason}, ensure_ascii=False) + "\n"


RowFile = CsvRows | JsonRows


def open_rows(file: BinaryIO, path: Path, profile: Profile | None = None) -> RowFile:
    """Take an open file by the suffix of its name, and read it by a profile. Raises WrongFile."""
    match path.suffix.lower():
        case ".csv":
            return CsvRows(file, profile)
        case ".jsonl":
            return JsonRows(file, profile)
        case _:
            raise WrongFile("expected a file that ends in .csv or .jsonl")


class RefusedFile:
    """The rows that were refused, beside the input; there is none where every row was good."""

    def __init__(self, source: Path, rows: RowFile) -> None:
        self.path = source.with_name(f"{source.stem}.refused{source.suffix.lower()}")
        self._rows = rows
        self._file: TextIO | None = None

    @contextmanager
    def opened(self) -> Generator[None]:
        """Begin anew: a file is always read from its start, so every row that is refused is met again."""
        self.path.unlink(missing_ok=True)
        try:
            yield
        finally:
            if self._file is not None:
                self._file.close()

    def add(self, line: int, reason: str, source: Sequence[str] | bytes) -> None:
        """Write one refused row."""
        if self._file is None:
            self._file = self.path.open("w", encoding=self._rows.encoding, errors="replace", newline="")
            self._file.write(self._rows.refused_header())
        self._file.write(self._rows.refused(line, reason, source))

    def flush(self) -> None:
        """Hand what was added to the system."""
        if self._file is not None:
            self._file.flush()


def _decoded(profile: Profile, line: bytes) -> Row:
    said = msgspec.json.decode(line, type=dict[str, object])
    ours = dict(zip(profile.ours([*said]), said.values(), strict=True))
    ours.pop("", None)
    return profile.complete(msgspec.convert(ours, Row))


def _csv_line(cells: Sequence[str], delimiter: str) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return line.getvalue()
