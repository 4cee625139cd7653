"""Opening hours as people type them: "mon-thu 07:30-14:00,15:00-17:00; fri 07:30-11:00"."""

import re
from typing import Final

from central_api.contract.errors import ContractError
from central_api.contract.terminal_settings import Opening, openings

Week = tuple[tuple[Opening, ...], ...]

_LIKE: Final = "mon-thu 07:30-14:00"
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART: Final = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))? +(?P<spans>[0-9:, -]+|closed)", re.ASCII)
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)


class NotHours(ValueError):
    """What was typed is not opening hours; its text says which part, and what was expected."""


def read_week(text: str) -> Week:
    """Read the hours of a week; days that are not named stay closed. Raises NotHours."""
    week: list[tuple[Opening, ...]] = [()] * len(_DAYS)
    for part in filter(None, (part.strip().lower() for part in text.split(";"))):
        found = _PART.fullmatch(part)
        days = [] if found is None else [found["first"], found["last"] or found["first"]]
        if found is None or not set(days) <= set(_DAYS) or _DAYS.index(days[0]) > _DAYS.index(days[1]):
            raise NotHours(f"not opening hours: {part!r}; expected like {_LIKE}")
        spans = [] if found["spans"] == "closed" else [span.strip() for span in found["spans"].split(",")]
        for day in range(_DAYS.index(days[0]), _DAYS.index(days[1]) + 1):
            week[day] = tuple(map(_span, spans))
            try:
                openings([list(span) for span in week[day]])
            except ContractError:
                raise NotHours(f"hours out of order, or beyond 24:00: {part!r}; expected like {_LIKE}") from None
    return tuple(week)


def _span(text: str) -> Opening:
    found = _SPAN.fullmatch(text)
    if found is None or max(int(found[2]), int(found[4])) > 59:
        raise NotHours(f"not opening hours: {text!r}; expected like 07:30-14:00")
    hours = [int(part) for part in found.groups()]
    return hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
