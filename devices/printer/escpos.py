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

LEAST_MARGIN_BYTES: Final = 2
"""Blank bytes at the left from which on a margin (GS L) is set instead: right-to-left lines begin far right."""

SHORTEST_FEED: Final = 4
"""Blank rows from which on an ESC J and a new image header cost less than the blanks in the image."""

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
    """The raster in bands of `BAND_ROWS`: blank rows are fed, not printed, and images are trimmed at both sides.

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
    rows = [raster.data[at : at + width].rstrip(b"\0") for at in range(top * width, below * width, width)]
    start = 0
    while start < len(rows):
        blank_end = _next(rows, start, inked=True)
        if blank_end > start:
            yield b"\x1bJ" + bytes((blank_end - start,)), None
            start = blank_end
            continue
        end = _end_of_ink(rows, start)
        inked = rows[start:end]
        blank = min(len(row) - len(row.lstrip(b"\0")) for row in inked if row)
        begins_at = blank if blank >= LEAST_MARGIN_BYTES else 0
        yield _image([row[begins_at:] for row in inked]), begins_at
        start = end


def _next(rows: list[bytes], start: int, *, inked: bool) -> int:
    return next((at for at in range(start, len(rows)) if bool(rows[at]) == inked), len(rows))


def _end_of_ink(rows: list[bytes], start: int) -> int:
    """Where the next blank run that is worth a feed begins."""
    end = _next(rows, start, inked=False)
    while end < len(rows):
        inked = _next(rows, end, inked=True)
        if inked - end >= SHORTEST_FEED or inked == len(rows):
            return end
        end = _next(rows, inked, inked=False)
    return end


def _image(rows: list[bytes]) -> bytes:
    """GS v 0: one image of so many rows, as wide as its widest row, in whole bytes."""
    width = max(len(row) for row in rows)
    header = b"\x1dv0\0" + width.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return header + break_real_time_commands(b"".join(row.ljust(width, b"\0") for row in rows))


def break_real_time_commands(image: bytes) -> bytes:
    """The same image without any real-time command in it: its DLE (10) gets the dot beside its own (18)."""
    for second in (b"\x04", b"\x05", b"\x14"):
        image = image.replace(b"\x10" + second, b"\x18" + second)
    return image
