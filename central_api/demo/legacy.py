"""What an older system hands over: a CSV file as the import takes it, of files that were begun there."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final

from central_api.workflow import Action, Kind

from .calendar import BEIRUT, Calendar, day_of, working_day
from .plan import File, invent

COLUMNS: Final = (
    "system", "legacy_number", "action", "role", "at", "family", "kind", "region", "filed_at", "language", "phone",
    "acting",
)  # fmt: skip
SYSTEMS: Final = {"work_permits": "legacy_permits", "recruitment": "legacy_permits", "companies": "legacy_companies"}


@dataclass(frozen=True, slots=True)
class LegacyFile:
    """A file of an older system, by its number there, and how many steps were taken there."""

    file: File
    system: str
    number: str = field(repr=False)
    steps: int


def write_legacy(path: Path, count: int, random: Random, tables: dict[str, list[Kind]], today: int) -> list[LegacyFile]:
    """Write `count` files with every step that was taken there, as rows in order of time."""
    rows: list[tuple[int, dict[str, str]]] = []
    files: list[LegacyFile] = []
    for index in range(count):
        file = invent(random, tables)
        number = f"{random.randrange(2, 6)}/{70_000 + index}"
        legacy = LegacyFile(file, SYSTEMS[file.family], number, random.randrange(1, 6))
        files.append(legacy)
        whose = {"system": legacy.system, "legacy_number": number}
        rows += [(at, {**whose, **row}) for at, row in _rows(legacy, random, today)]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer: csv.DictWriter[str] = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        for at, row in sorted(rows, key=lambda pair: pair[0]):
            writer.writerow({**row, "at": datetime.fromtimestamp(at, BEIRUT).isoformat()})
    return files


def _rows(legacy: LegacyFile, random: Random, today: int) -> Iterator[tuple[int, dict[str, str]]]:
    calendar, file = Calendar(random), legacy.file
    at = calendar.moment(working_day(day_of(today), -random.randrange(30, 60)))
    particulars = {"family": file.family, "kind": file.kind.key, "region": file.region, "filed_at": file.filed_at}
    yield at, {"action": Action.SUBMIT.word, **particulars, "language": file.language, "phone": file.phone}
    for step in file.kind.steps[: legacy.steps]:
        at = calendar.later(at, *step.expected)
        acting = "yes" if random.randrange(100) < 10 else ""
        yield at, {"action": step.action.word, "role": step.role.word, "acting": acting}
