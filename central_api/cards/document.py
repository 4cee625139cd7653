"""Whose document it is: the machine readable zone in DG1 (ICAO 9303-3, 9303-10)."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from . import tlv
from .errors import NotAsStandard

_MRZ: Final = re.compile(r"[A-Z0-9<]+")


@dataclass(frozen=True, slots=True)
class Document:
    """kind: the first letter of its code, P for a passport; state: who issued it; number: without fillers.

    expiry: the last day on which it is good, None where it names none.
    """

    kind: str
    state: str
    number: str = field(repr=False)
    expiry: date | None = field(repr=False)

    @property
    def name(self) -> str:
        """What intake writes down of it: `P-LBN-LR1234567`."""
        return f"{self.kind}-{self.state}-{self.number}"


def read_document(dg1: bytes, today: date) -> Document:
    """Read EF.DG1; `today` says which century an expiry is in. Raises NotAsStandard."""
    text = tlv.only(tlv.only(dg1, 0x61), 0x5F1F).decode("ascii", "replace")
    if not _MRZ.fullmatch(text):
        raise NotAsStandard("an MRZ is letters, digits and fillers")
    match len(text):
        case 90:
            number, expiry = text[5:14], text[38:44]
            if text[14] == "<" and text[15] != "<":
                # A number of more than nine letters goes on here, its check digit last.
                number += text[15:30].partition("<")[0][:-1]
        case 72 | 88:
            line = text[len(text) // 2 :]
            number, expiry = line[0:9], line[21:27]
        case _:
            raise NotAsStandard("an MRZ has 72, 88 or 90 letters")
    if not number.strip("<"):
        raise NotAsStandard("a document has a number")
    return Document(text[0], text[2:5].rstrip("<"), number.replace("<", ""), _day(expiry, today))


def _day(text: str, today: date) -> date | None:
    if text == "<" * 6:
        return None
    try:
        year, month, day = (int(text[at : at + 2]) for at in (0, 2, 4))
        year += today.year // 100 * 100
        return date(
            year - 100 if year > today.year + 50 else year + 100 if year < today.year - 50 else year, month, day
        )
    except ValueError:
        raise NotAsStandard("no date") from None
