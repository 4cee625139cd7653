"""The settings that count: the file's, with what the office says put in their place.

An enrolled terminal has its name and its office from its identity, languages and volume from the office's signed
settings, as they were last kept beside the vault. What was changed in the staff corner since stands above both.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, cast

from central_api.contract.keylist import NO_KEYS, Purpose, open_key_list
from central_api.contract.terminal_settings import TerminalSettings

from .identity import Identity
from .office_settings import OfficeSettings
from .settings import Settings
from .staff_settings import StaffSettings
from .vault import FILE
from .vault_file import open_to_read
from .visit_state import CORE_LANGUAGES, SCREEN_LANGUAGES, ScreenLanguage

Giver = Literal["office", "staff"]


def in_force(settings: Settings, identity: Identity | None) -> tuple[Settings, Mapping[str, Giver]]:
    """Return the settings in force, and who gave those fields that the file did not."""
    given: dict[str, Giver] = {}
    if identity is not None:
        said: dict[str, object] = {"name": identity.name, "office_url": identity.office_url}
        if office := _kept(settings.data, identity):
            said |= {"languages": languages_of(office), "volume": office.volume}
        said = {field: value for field, value in said.items() if value not in {None, ()}}
        settings = replace(settings, **cast(dict[str, Any], said))
        given |= dict.fromkeys(said, "office")
    changes = StaffSettings(settings.data)
    changed = {"volume": changes.volume(settings.volume), "languages": changes.languages(settings.languages)}
    given |= {field: "staff" for field, value in changed.items() if value != getattr(settings, field)}
    return replace(settings, **cast(dict[str, Any], changed)), given


def languages_of(office: TerminalSettings) -> tuple[ScreenLanguage, ...]:
    """Return the languages that the office wants on home, as far as this edition has words in them."""
    known: dict[str, ScreenLanguage] = {language: language for language in (*SCREEN_LANGUAGES, *CORE_LANGUAGES)}
    return tuple(known[language] for language in office.languages if language in known)


def _kept(data: Path, identity: Identity) -> TerminalSettings | None:
    def content_key(key_id: int) -> bytes:
        listed = newest_key_list(data, identity)
        keys = NO_KEYS if listed is None else open_key_list(listed, identity.root_key)
        return keys.listed(key_id, Purpose.CONTENT).public

    kept = OfficeSettings(data, identity.name, content_key)
    kept.load()
    return kept.current


def newest_key_list(data: Path, identity: Identity) -> bytes | None:
    """Return the newest key list that the vault holds; the one of the enrolment where it holds none."""
    if (data / FILE).exists():
        try:
            with closing(open_to_read(data / FILE)) as vault:
                row = vault.execute("SELECT key_list FROM office").fetchone()
        except sqlite3.DatabaseError:
            row = None
        if row is not None and row[0]:
            return cast(bytes, row[0])
    return identity.key_list
