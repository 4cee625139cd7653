"""Findings in words: what was found and what to do next, key `selftest.<part>.<detail>` of the catalogues."""

from central_api.contract.readiness import Part
from kiosk.words import Words

from .findings import TOO_LATE, Finding


def said(finding: Finding, words: Words) -> str:
    """Say what was found, and what to do next."""
    if finding.detail == TOO_LATE:
        return words("selftest.too_late")
    values = {
        name: words.number(value) if isinstance(value, int) else words.code(value)
        for name, value in finding.values.items()
    }
    return words(f"selftest.{finding.part.name.lower()}.{finding.detail}", **values)


def part_name(part: Part, words: Words) -> str:
    return words(f"selftest.part.{part.name.lower()}")


def outcome_name(finding: Finding, words: Words) -> str:
    return words.agreeing(f"selftest.outcome.{finding.outcome.name.lower()}", finding.part.name.lower())
