"""The console's words, from words.toml, and how numbers, times and codes stand in them."""

import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Final, cast

from central_api.contract.catalogue import WRITTEN_LANGUAGES, Section, catalogue
from central_api.contract.numbers import show_tracking_number
from central_api.contract.status import Office as Unit
from central_api.store import ActionRefused
from central_api.workflow.calendar import BEIRUT

DIRECTIONS: Final = {"ar": "rtl", "fr": "ltr", "en": "ltr"}
# A first strong isolate, and its end: what is put into a sentence keeps its own direction.
_ISOLATE: Final = "\u2068{}\u2069"


@cache
def tables() -> dict[str, dict[str, str]]:
    """Read the words by language. Every key stands in each of them."""
    read = tomllib.loads((resources.files(__package__ or "") / "words.toml").read_text(encoding="utf-8"))
    return {language: cast(dict[str, str], read[language]) for language in WRITTEN_LANGUAGES}


def say(language: str, key: str, **values: object) -> str:
    """Return words, with values put in, each isolated. Raises KeyError for words that are none."""
    text = tables()[language][key]
    return text.format(**{name: _ISOLATE.format(value) for name, value in values.items()}) if values else text


def isolated(text: str) -> str:
    """Write a name so that it keeps its own direction whatever stands beside it: `Cedars (S.A.L.)` in Arabic, too."""
    return _ISOLATE.format(text) if text else ""


def refusal(language: str, error: ActionRefused) -> str:
    """Say why the office refused something; in its own words where the console has none for it."""
    return tables()[language].get(f"refused_{error.code.value}", error.words)


def day(value: date | int) -> str:
    """Write a day, or the day of a moment (seconds since 1970, UTC) in Beirut."""
    shown = datetime.fromtimestamp(value, BEIRUT) if isinstance(value, int) else value
    return f"{shown:%d/%m/%Y}"


def moment(value: int) -> str:
    """Write day and time of a moment (seconds since 1970, UTC) in Beirut."""
    return f"{datetime.fromtimestamp(value, BEIRUT):%d/%m/%Y %H:%M}"


def unit(language: str, value: Unit) -> str:
    """Name a unit, with its region where it has one."""
    known = catalogue()
    role = known.roles.word(value.role, language) or str(value.role)
    region = known.regions.word(value.region, language) if value.region else None
    return f"{role}{'،' if language == 'ar' else ','} {region}" if region else role


def name_of(language: str, section: Section, code: int) -> str:
    """Name a code of the catalogue; the code itself where it is of a later edition."""
    return section.word(code, language) or f"#{code}"


def listed(language: str, parts: Iterable[str]) -> str:
    """Write parts one after the other."""
    return ("؛ " if language == "ar" else "; ").join(parts)


def person(signed: str) -> str:
    """Return the name out of how an account stands in an event, `number name`."""
    return signed.partition(" ")[2] or signed


def number(tracking: str) -> str:
    """Write a tracking number in its groups."""
    return show_tracking_number(tracking)


def condition(language: str, word: str) -> str:
    """Name what is wrong with a terminal; by its own word where the console has none for it."""
    return tables()[language].get(f"condition_{word}", word.replace("_", " "))
