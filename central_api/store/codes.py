"""From the words of commands and files to the catalogue's codes; a word that is none is refused with the valid ones."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import phonenumbers

from central_api.contract.catalogue import Section, catalogue
from central_api.contract.status import Language
from central_api.workflow import Action, RefusalCode, Role

from .errors import ActionRefused


def code_of(section: Section, what: str, key: str) -> int:
    """Return the code of a key. Raises ActionRefused with the valid keys."""
    if key not in section.codes:
        raise unknown(what, key, section.codes)
    return section.codes[key]


def codes_of(section: Section, what: str, keys: Sequence[str]) -> tuple[int, ...]:
    """Return the codes of some keys, each once. Raises ActionRefused with the valid ones."""
    return tuple([code_of(section, what, key) for key in dict.fromkeys(keys)]) if keys else ()


def region_code(key: str) -> int:
    """Return the code of a region. Raises ActionRefused."""
    return code_of(catalogue().regions, "region", key)


@lru_cache
def role_of(word: str) -> Role:
    """Return a role by its name. Raises ActionRefused."""
    role = Role.of_word(word)
    if role is None:
        raise unknown("role", word, (role.word for role in Role))
    return role


@lru_cache
def action_of(word: str, allowed: tuple[Action, ...]) -> Action:
    """Return one of the allowed actions by its name. Raises ActionRefused."""
    action = Action.of_word(word)
    if action is None or action not in allowed:
        raise unknown("action", word, (action.word for action in allowed))
    return action


def language_of(word: str) -> Language:
    """Return a language by its code, `ar` and so on. Raises ActionRefused."""
    language = Language.__members__.get(word.upper())
    if language is None:
        raise unknown("language", word, (language.name.lower() for language in Language))
    return language


def phone_of(text: str) -> str:
    """Return a phone number in E.164, read as a Lebanese one unless it says otherwise. Raises ActionRefused."""
    if mobile := _lebanese_mobile().fullmatch(text):
        return f"+961{mobile[1]}"
    try:
        number = phonenumbers.parse(text, "LB")
    except phonenumbers.NumberParseException:
        raise ActionRefused(
            RefusalCode.BAD_PHONE, "this is not a phone number; expected one like +96171123456"
        ) from None
    if not phonenumbers.is_valid_number(number):
        raise ActionRefused(RefusalCode.BAD_PHONE, "no such phone number exists; expected one like +96171123456")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@cache
def _lebanese_mobile() -> re.Pattern[str]:
    """Match most phones here, as dialled or in E.164, by the library's own data: its parser takes far longer."""
    lebanon = phonenumbers.PhoneMetadata.metadata_for_region("LB")
    assert lebanon is not None
    assert lebanon.mobile is not None
    return re.compile(rf"(?:\+961|0)?({lebanon.mobile.national_number_pattern})", re.ASCII)


def unknown(what: str, key: str, valid: Iterable[str]) -> ActionRefused:
    """Say that a word is none of the valid ones."""
    return ActionRefused(RefusalCode.UNKNOWN_CODE, f"unknown {what} {key!r}; expected one of {', '.join(valid)}")
