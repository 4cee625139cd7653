"""What the register says in its own words, in the reader's language.

An event of accounts, looks and decrees says in a sentence what was done (central_api.store); its digest binds it, so
it stays as it is. Here each kind of sentence is read back, and said once more. What is none of them, such as an
officer's note, is shown as it stands.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from central_api.contract.catalogue import catalogue
from central_api.store import ActionRefused, people
from central_api.store.queues import Entry
from central_api.workflow import Action

from . import words

_ACCOUNT: Final = r"account \d+ (?P<who>.+)"
_DAY: Final = r"\d{4}-\d\d-\d\d"
_SENTENCES: Final = {
    Action.LOOK: {
        "search": r"search (?P<wanted>.+)",
        "book": r"book (?P<book>\w+-.+-\d{4}) from (?P<line>\d+)",
    },
    Action.PEOPLE: {
        "account_made": _ACCOUNT + r" \((?P<login>[a-z0-9.-]+)\) made: (?P<duty>\w+)",
        "account_holds_none": _ACCOUNT + r" holds nothing",
        "account_holds": _ACCOUNT + r" holds (?P<units>\S.*)",
        "account_invited": _ACCOUNT + r" invited",
        "account_disabled": _ACCOUNT + r" disabled",
        "account_enabled": _ACCOUNT + r" enabled",
        "deputy": rf"\d+ (?P<who>.+) deputy for \d+ (?P<absent>.+) at (?P<units>\S+) from (?P<first>{_DAY}) to"
        rf" (?P<last>{_DAY})",
        "deputy_ended": r"deputation (?P<row>\d+) ended",
        "key_made": r"feeder key (?P<name>.+) made for (?P<families>.+)",
        "key_revoked": r"feeder key (?P<name>.+) revoked",
        "profile": r"feed profile (?P<name>.+) kept",
        "fed": r"rows fed: (?P<applied>\d+) applied, (?P<unchanged>\d+) unchanged, (?P<refused>\d+) refused",
    },
    Action.DECREE: {
        "frozen": rf"(?P<first>{_DAY}) (?P<last>{_DAY}) (?P<decree>.+)",
        "unfrozen": rf"(?P<first>{_DAY}) (?P<last>{_DAY})",
    },
    # Their number stands in a column of its own.
    Action.ASSIGN: {"assigned": r"\d{11} (?P<who>.+)"},
}
_BESIDE: Final = frozenset({Action.NOTE, Action.ESCALATE, Action.ASSIGN, Action.BIND, Action.UNBIND})
"""Events whose words begin with the number of the application that they are written beside."""
_LOOKED: Final = "file "


def number_beside(entry: Entry) -> str | None:
    """Return the 11 digits of the application that an event is written beside, or that was looked at."""
    looked = entry.act.action is Action.LOOK and entry.said.startswith(_LOOKED)
    number = entry.said.removeprefix(_LOOKED)[:11] if looked or entry.act.action in _BESIDE else ""
    return number if number.isdecimal() else None


def spoken(language: str, entry: Entry) -> str:
    """Return what an event says, beside that number."""
    for key, pattern in _SENTENCES.get(entry.act.action, {}).items():
        if found := re.fullmatch(pattern, entry.said, re.DOTALL):
            said = {name: _in(language, name, value) for name, value in found.groupdict().items()}
            return words.say(language, f"said_{key}", **said)
    number = number_beside(entry)
    return entry.said if number is None else entry.said.partition(number)[2].lstrip()


def person(language: str, signed: str) -> str:
    """Return who stands in an event as `number name`: a person, a feeder's key, or whoever is at the command line."""
    name = words.person(signed)
    if signed == people.COMMAND_LINE:
        return words.say(language, "command_line")
    if signed.startswith("0 feeder "):
        return words.say(language, "feeder_key", name=name.removeprefix("feeder "))
    return name


def _in(language: str, name: str, value: str) -> str:
    """Say one part of a sentence by what it is: units, families, a duty, a day, a book."""
    say = _PARTS.get(name)
    return say(language, value) if say else value


def _units(language: str, value: str) -> str:
    return words.listed(language, [_unit(language, name) for name in value.split(", ")])


def _unit(language: str, name: str) -> str:
    try:
        return words.unit(language, people.unit_named(name))
    except ActionRefused:  # of a later edition
        return name


def _families(language: str, value: str) -> str:
    known = catalogue().families
    return words.listed(language, [known.word(known.codes.get(key, 0), language) or key for key in value.split(", ")])


def _book(language: str, value: str) -> str:
    direction, _, rest = value.partition("-")
    unit, _, year = rest.rpartition("-")
    return f"{words.say(language, f'book_{direction}')} · {_unit(language, unit)} · {year}"


def _day(_language: str, value: str) -> str:
    return words.day(date.fromisoformat(value))


_PARTS: Final[dict[str, Callable[[str, str], str]]] = {
    "units": _units,
    "families": _families,
    "duty": lambda language, value: words.tables()[language].get(f"duty_{value}", value),
    "first": _day,
    "last": _day,
    "book": _book,
}
