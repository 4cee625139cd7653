"""What opens a chip: three fields of the document's MRZ, or the card access number printed on it (ICAO 9303-11, 4)."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from devices.card.errors import BadKey

WEIGHTS: Final = (7, 3, 1)


@dataclass(frozen=True, slots=True)
class DocumentFields:
    """number: letters and digits, without fillers; birth, expiry: YYMMDD, `<` for what is not known of a birth."""

    number: str = field(repr=False)
    birth: str = field(repr=False)
    expiry: str = field(repr=False)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Z0-9][A-Z0-9<]{0,21}(?<!<)", self.number):
            raise BadKey("a document number is letters and digits")
        if not re.fullmatch(r"[0-9<]{6}", self.birth):
            raise BadKey("a date of birth is six digits, year first")
        if not re.fullmatch(r"[0-9]{6}", self.expiry):
            raise BadKey("a date of expiry is six digits, year first")

    def information(self) -> bytes:
        """The MRZ information: number, birth and expiry, each with its check digit."""
        number = self.number.ljust(9, "<")
        return "".join(part + check_digit(part) for part in (number, self.birth, self.expiry)).encode("ascii")

    def seed(self) -> bytes:
        """SHA-1 of the MRZ information, 20 bytes; BAC takes the first 16."""
        return hashlib.sha1(self.information(), usedforsecurity=False).digest()


@dataclass(frozen=True, slots=True)
class CardAccessNumber:
    """digits: six of them, as printed on the document."""

    digits: str = field(repr=False)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{6}", self.digits):
            raise BadKey("a card access number is six digits")


CardKey = DocumentFields | CardAccessNumber


def check_digit(text: str) -> str:
    """ICAO 9303-3, 4.9: weights 7, 3, 1; letters count from A = 10, `<` is 0."""
    total = sum((0 if letter == "<" else int(letter, 36)) * WEIGHTS[at % 3] for at, letter in enumerate(text))
    return str(total % 10)


def typed_fields(number: str, birth: str, expiry: str) -> DocumentFields:
    """Fields as a visitor types them: spaces, dashes and small letters are passed over. Raises BadKey."""
    clean = re.sub(r"[\s\-./]", "", number).upper()
    return DocumentFields(clean, *(re.sub(r"[\s\-./]", "", date) for date in (birth, expiry)))


def fields_of_mrz(text: str) -> DocumentFields:
    """The key in the text that an MRZ reader sends: TD1 (3 x 30), TD2 (2 x 36) or TD3 (2 x 44), lines ended or not.

    Raises BadKey when it is no MRZ or a check digit does not hold: a misread letter would only cost the visitor a try.
    """
    letters = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z0-9<]+", letters):
        raise BadKey("an MRZ is letters, digits and fillers")
    match len(letters):
        case 90:
            return _fields(_td1_number(letters[5:30]), letters[30:37], letters[38:45])
        case 72:
            line = letters[36:]
        case 88:
            line = letters[44:]
        case _:
            raise BadKey("an MRZ has 72, 88 or 90 letters")
    return _fields(line[0:10], line[13:20], line[21:28])


def _td1_number(part: str) -> str:
    """A number longer than nine letters goes on after a filler, up to the next one, its check digit last."""
    if part[9] != "<":
        return part[:10]
    return part[:9] + part[10:].split("<", 1)[0]


def _fields(number: str, birth: str, expiry: str) -> DocumentFields:
    for part in (number, birth, expiry):
        if check_digit(part[:-1]) != part[-1]:
            raise BadKey("a check digit does not hold")
    return DocumentFields(number[:-1].rstrip("<"), birth[:-1], expiry[:-1])
