"""ESC/POS bytes for a raster: bands that the printer confirms one by one.

Source of the commands: Epson's ESC/POS command reference; python-escpos' constants hold the same bytes (a test
compares them).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from devices.raster import Raster

INITIALIZE: Final = b"\x1b@"
"""ESC @: clears the print buffer and resets the modes, automatic status back among them."""

AUTOMATIC_STATUS: Final = b"\x1da\xff"
"""GS a: report cover, paper and errors from now on, and the present state at once."""

FEED_AND_CUT: Final = b"\x1dVB\x00"
"""GS V 66 0: feed the paper to the cutter and cut it partly, so that it hangs until it is taken."""

MODEL_NAME: Final = b"\x1dI\x43"
FIRMWARE: Final = b"\x1dI\x41"
"""GS I 67, GS I 65: the printer answers 5F, its text, 00."""

FEED_TO_TEAR: Final = b"\x1bJ\xff"
"""ESC J 255: for models without a cutter, past the tear bar."""

BAND_ROWS: Final = 64
"""8 mm of paper: the grain in which progress is confirmed and a fault is located."""

REST_OF_AN_IMAGE: Final = bytes(BAND_ROWS * 72)
"""As many blanks as an image of ours can be short of, on the widest head.

A connection that broke in the middle of an image leaves the printer waiting for the rest of it: the first commands of
the next connection would be printed as dots. Outside of an image a printer ignores these bytes.
"""

_FEED_BYTES: Final = 3
_IMAGE_BYTES: Final = 12
"""What a run of rows costs beside its dots: ESC J; the header of GS v 0 with the margin (GS L) that goes before it."""

_ID_LETTERS: Final = b"QSUWYqsuwy"
"""Bytes that no status reply starts with or continues with, so that a damaged reply is never taken for a status."""

PROCESS_IDS: Final = len(_ID_LETTERS) ** 4


@dataclass(frozen=True, slots=True)
class Band:
    """commands: the bytes that print it; rows: how many rows of the job are on paper after it."""

    commands: bytes
    rows: int


def real_time_status(n: int) -> bytes:
    """DLE EOT n: asks at once, past the queue: 1 printer, 2 cause of being offline, 3 error, 4 paper sensor."""
    return bytes((0x10, 0x04, n))


def process_id(number: int) -> bytes:
    """Four bytes that name one band of one connection; they repeat after `PROCESS_IDS`."""
    letters = bytearray()
    for _ in range(4):
        number, digit = divmod(number, len(_ID_LETTERS))
        letters.append(_ID_LETTERS[digit])
    return bytes(letters)


def report_process_id(identity: bytes) -> bytes:
    """GS ( H 48 48: the printer answers 37 22 d1 d2 d3 d4 00 when everything before it has been printed."""
    return b"\x1d(H\x06\x0000" + identity


def bands(raster: Raster) -> Iterator[Band]:
    """The raster in bands of `BAND_ROWS`, in few bytes: white rows are fed, images are cut to where their ink is.

    Every `10 04`, `10 05` and `10 14` inside image data is broken by one dot of ink more: the printer would run it as
    a real-time command.
    """
    margin = 0
    for top in range(0, raster.rows, BAND_ROWS):
        below = min(top + BAND_ROWS, raster.rows)
        commands = b""
        for segment, begins_at in _segments(raster, top, below):
            if begins_at is not None and begins_at != margin:
                margin = begins_at
                commands += left_margin(8 * margin)
            commands += segment
        if below == raster.rows and margin:
            commands += left_margin(0)  # what comes after, a cut-off paper's sign say, begins at the edge again
        yield Band(commands, below)


def motion_unit(dpi: int) -> bytes:
    """GS P: ESC J and GS L count dots. Without it some models count 1/360 inch, and blanks come out too short."""
    return b"\x1dP" + bytes((dpi, dpi))


def left_margin(dots: int) -> bytes:
    """GS L: where the next images begin, in motion units, which are dots here."""
    return b"\x1dL" + dots.to_bytes(2, "little")


def _segments(raster: Raster, top: int, below: int) -> Iterator[tuple[bytes, int | None]]:
    """The feeds and images of a band, each image with the byte of the row that it begins at."""
    width = raster.row_bytes
    rows = [raster.data[at : at + width] for at in range(top * width, below * width, width)]
    inked = [_Ink(width - len(row.lstrip(b"\0")), len(row.rstrip(b"\0"))) for row in rows]
    for start, end, ink in _cheapest(inked):
        if ink.is_none:
            yield b"\x1bJ" + bytes((end - start,)), None
        else:
            yield _image([row[ink.begin : ink.end] for row in rows[start:end]]), ink.begin


@dataclass(frozen=True, slots=True)
class _Ink:
    """The bytes of a row, or of several, that hold ink: from `begin` up to `end`."""

    begin: int
    end: int

    @property
    def is_none(self) -> bool:
        return self.begin >= self.end


def _cheapest(rows: list[_Ink]) -> Iterator[tuple[int, int, _Ink]]:
    """The band cut into runs of rows (first, past the last, their ink) so that the fewest bytes are sent.

    From the last row up: of all runs that may begin at a row, the one that is cheapest with what follows it.
    """
    costs = [0] * (len(rows) + 1)
    cuts: list[tuple[int, _Ink]] = [(len(rows), _Ink(0, 0))] * len(rows)
    for start in reversed(range(len(rows))):
        begin, past = rows[start].begin, rows[start].end
        cheapest: int | None = None
        for end in range(start + 1, len(rows) + 1):
            row = rows[end - 1]
            begin, past = min(begin, row.begin), max(past, row.end)
            run = _FEED_BYTES if begin >= past else _IMAGE_BYTES + (past - begin) * (end - start)
            if cheapest is None or run + costs[end] < cheapest:
                cheapest = costs[start] = run + costs[end]
                cuts[start] = end, _Ink(begin, past)
    at = 0
    while at < len(rows):
        end, ink = cuts[at]
        yield at, end, ink
        at = end


def _image(rows: list[bytes]) -> bytes:
    """GS v 0: one image of so many rows, all of the same whole bytes."""
    header = b"\x1dv0\0" + len(rows[0]).to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return header + break_real_time_commands(b"".join(rows))


def break_real_time_commands(image: bytes) -> bytes:
    """The same image without any real-time command in it: its DLE (10) gets the dot beside its own (18)."""
    for second in (b"\x04", b"\x05", b"\x14"):
        image = image.replace(b"\x10" + second, b"\x18" + second)
    return image
