"""A printer's condition, as the status bytes of Epson's ESC/POS reference tell it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """hot: the head is too warm and pauses; the printer recovers by itself. cutter: it is jammed."""

    cover_open: bool
    paper_out: bool
    near_end: bool
    hot: bool
    cutter: bool = False

    @property
    def offline(self) -> bool:
        return self.cover_open or self.paper_out or self.hot or self.cutter


def real_time_status(condition: Condition, what: int) -> bytes:
    """The answer to DLE EOT: 1 printer, 2 cause of being offline, 3 error, 4 paper sensor."""
    match what:
        case 1:
            status = 0x08 * condition.offline
        case 2:
            status = (
                0x04 * condition.cover_open | 0x20 * condition.paper_out | 0x40 * (condition.hot or condition.cutter)
            )
        case 3:
            status = 0x08 * condition.cutter | 0x40 * condition.hot
        case _:
            status = 0x0C * condition.near_end | 0x60 * condition.paper_out
    return bytes((0x12 | status,))


def automatic_status(condition: Condition) -> bytes:
    """The four bytes of GS a."""
    printer = 0x10 | 0x08 * condition.offline | 0x20 * condition.cover_open
    return bytes((printer, 0x08 * condition.cutter | 0x40 * condition.hot)) + paper_status(condition) + b"\0"


def paper_status(condition: Condition) -> bytes:
    """The answer to GS r 1, and the third byte of GS a."""
    return bytes((0x03 * condition.near_end | 0x0C * condition.paper_out,))
