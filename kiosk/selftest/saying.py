"""Findings in words: what was found and what to do next, key `selftest.<part>.<detail>` of the catalogues."""

from typing import Final

from central_api.contract.readiness import Part
from kiosk.words import Words

from .findings import TOO_LATE, Finding

_COUNTED: Final = {"seconds", "days"}
"""Values with the name of what they count, key `count.<name>`: Arabic has a dual."""


def said(finding: Finding, words: Words) -> str:
    """Say what was found, and what to do next."""
    if finding.detail == TOO_LATE:
        return words("selftest.too_late")
    values = {name: _value(name, value, words) for name, value in finding.values.items()}
    return words(f"selftest.{finding.part.name.lower()}.{finding.detail}", **values)


def _value(name: str, value: int | str, words: Words) -> str:
    if not isinstance(value, int):
        return words.code(value)
    return words.counted(f"count.{name}", value) if name in _COUNTED else words.number(value)


def part_name(part: Part, words: Words) -> str:
    return words(f"selftest.part.{part.name.lower()}")


def outcome_name(finding: Finding, words: Words) -> str:
    return words.agreeing(f"selftest.outcome.{finding.outcome.name.lower()}", finding.part.name.lower())
