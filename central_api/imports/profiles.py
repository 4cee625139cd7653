"""How an older system writes its files: its names for our columns and words, its dates, its encoding. As TOML, by name.

A file that needs a profile is read as if it had our columns; rows that are refused are written back as they were, so
that they are mended and sent again by the same profile.
"""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from central_api.contract.numbers import fold_digits

from .rows import COLUMNS, Row

EXAMPLE: Final = """# Ours = theirs. Columns that are not named here are passed over.
encoding = "windows-1256"
at = "%d/%m/%Y %H:%M"
deadline = "%d/%m/%Y"
zone = "Asia/Beirut"

[columns]
legacy_number = "رقم الملف"
action = "الحركة"
at = "التاريخ"

[fixed]
system = "legacy_permits"

[words.action]
"تسجيل" = "submit"
"موافقة" = "approve"
"""


class WrongProfile(ValueError):
    """A profile that cannot be used: which key, and what was expected there."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file looks like. `columns`: theirs by ours; `fixed`: what every row says.

    `words`: ours by theirs, by column; `at` and `deadline`: their dates as strptime has them, "" for ISO 8601; without
    a zone of its own, a time is of `zone`.
    """

    encoding: str = "utf-8"
    at: str = ""
    deadline: str = ""
    zone: str = "Asia/Beirut"
    columns: Mapping[str, str] = {}
    fixed: Mapping[str, str] = {}
    words: Mapping[str, Mapping[str, str]] = {}

    def ours(self, header: list[str]) -> list[str]:
        """Return our name of each column of a file, empty for one that is passed over."""
        by_theirs = {_plain(theirs): ours for ours, theirs in self.columns.items()}
        return [by_theirs.get(_plain(name), name if name in {"line", "reason"} else "") for name in header]

    def complete(self, row: Row) -> Row:
        """Say in our words what a row says in theirs."""
        for name, value in self.fixed.items():
            setattr(row, name, value)
        for name, table in self.words.items():
            said = getattr(row, name)
            if isinstance(said, str):
                setattr(row, name, table.get(said.strip(), said))
        row.at = self._moment(row.at)
        row.deadline = self._day(row.deadline)
        return row

    def _moment(self, text: str) -> str:
        try:
            folded = fold_digits(text).strip()
            read = datetime.strptime(folded, self.at) if self.at else datetime.fromisoformat(folded)  # noqa: DTZ007
        except ValueError:
            return text  # refused as it stands, with the reason in words
        return (read if read.tzinfo else read.replace(tzinfo=ZoneInfo(self.zone))).isoformat()

    def _day(self, text: str) -> str:
        try:
            return datetime.strptime(fold_digits(text).strip(), self.deadline).date().isoformat() if text else ""  # noqa: DTZ007
        except ValueError:
            return text


def read_profile(text: str) -> Profile:
    """Read a profile. Raises WrongProfile."""
    try:
        profile = msgspec.convert(tomllib.loads(text), Profile)
        "a".encode(profile.encoding)  # codecs.lookup knows some that are no encoding of text
        ZoneInfo(profile.zone)
    except tomllib.TOMLDecodeError as error:
        raise WrongProfile(f"not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise WrongProfile(str(error)) from None
    except (LookupError, UnicodeError) as error:
        raise WrongProfile(f"expected an encoding and a zone that exist: {error}") from None
    except ValueError as error:
        raise WrongProfile(f"expected a zone like Asia/Beirut: {error}") from None
    named = {*profile.columns, *profile.fixed, *profile.words}
    if unknown := sorted(named - set(COLUMNS)):
        raise WrongProfile(f"{unknown[0]!r} is none of our columns: {', '.join(COLUMNS)}")
    return profile


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
