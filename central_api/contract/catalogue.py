"""The words behind the integer codes: `catalogue.toml`, in Arabic, French and English.

A reader of an older edition may meet a code it does not know: `Section.word` then gives None, and the caller says so in
its own words instead of guessing.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, cast

WRITTEN_LANGUAGES: Final = ("ar", "fr", "en")


@dataclass(frozen=True, slots=True)
class Section:
    """One numbering: keys to codes, and codes to words."""

    codes: dict[str, int]
    words: dict[int, dict[str, str]]

    def code(self, key: str) -> int:
        """Return the code of a key. Raises KeyError."""
        return self.codes[key]

    def key(self, code: int) -> str | None:
        """Return the key of a code, or None for a code of a later edition."""
        return next((key for key, known in self.codes.items() if known == code), None)

    def word(self, code: int, language: str) -> str | None:
        """Return the words of a code in `ar`, `fr` or `en`, or None for a code of a later edition."""
        return self.words.get(code, {}).get(language)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All numberings. `services` holds the kinds of each family, by the family's key."""

    regions: Section
    roles: Section
    families: Section
    documents: Section
    reasons: Section
    agencies: Section
    systems: Section
    services: dict[str, Section]

    def service(self, family: int, kind: int, language: str) -> str | None:
        """Return the full name of what was asked for, or None for a family or kind of a later edition."""
        section = self.services.get(self.families.key(family) or "")
        return section.word(kind, language) if section else None


@cache
def catalogue() -> Catalogue:
    """Read the catalogue that this edition ships."""
    tables = tomllib.loads((resources.files(__package__ or "") / "catalogue.toml").read_text(encoding="utf-8"))
    services = cast(dict[str, dict[str, dict[str, object]]], tables.pop("services"))
    sections = {name: _section(cast(dict[str, dict[str, object]], table)) for name, table in tables.items()}
    return Catalogue(**sections, services={family: _section(table) for family, table in services.items()})


def _section(table: dict[str, dict[str, object]]) -> Section:
    codes = {key: cast(int, entry["code"]) for key, entry in table.items()}
    words = {
        cast(int, entry["code"]): {lang: cast(str, entry[lang]) for lang in WRITTEN_LANGUAGES}
        for entry in table.values()
    }
    if len(words) != len(codes):
        raise ValueError("two entries of the catalogue share a code")
    return Section(codes, words)
