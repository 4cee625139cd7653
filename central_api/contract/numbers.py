"""Tracking numbers and secret codes: what a person reads, types and dictates.

A tracking number is 11 digits: year (2), eight uniformly random digits, and a Damm check digit over those ten, which
catches every single wrong digit and every swap of neighbours. It tells no volume and is not secret.
Source: H. M. Damm, "Total anti-symmetrische Quasigruppen" (2004), the quasigroup of order 10.
"""

from collections.abc import Callable
from typing import Final

from .errors import NotANumber

TRACKING_DIGITS: Final = 11
CODE_DIGITS: Final = 8
ONE_TIME_DIGITS: Final = 6
IDENTITY_LENGTHS: Final = (4, 32)

_DAMM: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
# Digits as people here type them: 0-9, Arabic-Indic ٠-٩, Persian ۰-۹.
_FOLD: Final = {ord(script[d]): str(d) for script in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for d in range(10)}
# What keyboards, printers and Arabic typing leave around digits: spaces, dashes, direction marks of every kind.
_DROP: Final = dict.fromkeys(
    map(
        ord,
        " -\t\u00a0\u2009\u202f\u2010\u2011\u2012\u2013"
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
)


def fold_digits(text: str) -> str:
    """Return the text with Arabic-Indic and Persian digits as 0-9; everything else is untouched."""
    return text.translate(_FOLD)


def check_digit(digits: str) -> str:
    """Return the Damm check digit over a string of ASCII digits."""
    row = 0
    for digit in digits.encode("ascii"):
        row = _DAMM[row][digit - 48]
    return str(row)


def new_tracking_number(year: int, random_below: Callable[[int], int]) -> str:
    """Make a tracking number: `random_below(10**8)` must be uniform and unpredictable (`secrets.randbelow`)."""
    body = f"{year % 100:02d}{random_below(10**8):08d}"
    return body + check_digit(body)


def parse_tracking_number(text: str) -> str:
    """Return the 11 ASCII digits of a tracking number typed or read in any of three scripts, grouped or not.

    Raises NotANumber for a wrong length, a stray character, or a check digit that does not hold.
    """
    digits = _digits(text, TRACKING_DIGITS)
    if check_digit(digits[:-1]) != digits[-1]:
        raise NotANumber("the check digit does not hold")
    return digits


def show_tracking_number(tracking: str) -> str:
    """Group 11 digits as people read them: `26-3182-8331-2`."""
    return f"{tracking[:2]}-{tracking[2:6]}-{tracking[6:10]}-{tracking[10]}"


def parse_secret_code(text: str) -> str:
    """Return the 8 ASCII digits of a secret code typed in any of three scripts. Raises NotANumber."""
    return _digits(text, CODE_DIGITS)


def parse_identity_number(text: str) -> str:
    """Return the number of an identity card, typed or from its barcode, as the office knows it. Raises NotANumber.

    It has no published format: 4 to 32 letters and digits, of any script, in upper case; nothing else is read from it.
    """
    least, most = IDENTITY_LENGTHS
    number = fold_digits(text).translate(_DROP).upper()
    if not least <= len(number) <= most or not number.isalnum():
        raise NotANumber(f"not {least} to {most} letters and digits")
    return number


def _digits(text: str, count: int) -> str:
    plain = text.isascii() and text.isdigit()
    digits = text if plain else fold_digits(text).translate(_DROP)
    if len(digits) != count or not (plain or (digits.isascii() and digits.isdigit())):
        raise NotANumber(f"not {count} digits")
    return digits
