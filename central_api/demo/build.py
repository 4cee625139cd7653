"""Builds the demo's office: thousands of invented applications, each moved by the office's own acts at dated times.

What happens comes from a seed; numbers, keys and codes are random, as everywhere. The folder appears whole or
not at all.
"""

import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from errno import EEXIST, ENOTEMPTY
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Final

from central_api.content import join_tables, read_content, sample
from central_api.imports import import_file
from central_api.publish import publish_pending
from central_api.store import Office, content, open_office
from central_api.store.outbox import Delivery
from central_api.workflow import Kind

from .calendar import day_of
from .legacy import LegacyFile, write_legacy
from .plan import Dated, File, Suspension, invent, life, suspensions
from .slips import write_slips
from .staff import hire_staff

APPLICATIONS: Final = 2000
LEGACY: Final = 150
SPECIMEN: Final = {"document": "P-UTO-L898902C3", "identity_card": "000012345678", "card_uid": "04A1B2C3D4E5F6"}
OF_ONE_HOLDER: Final = 3
"""Applications of the holder of these cards: the passport of ICAO 9303-3 and the contactless card are virtual ones."""
_TOLD: Final = f"UPDATE message SET state = {int(Delivery.DELIVERED)}, attempts = 1, accepted = 2"
_SEED: Final = 961
_BATCH: Final = 400
_REACHES_BACK: Final = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was made: applications taken in here, and reported by older systems; events; slips as pictures."""

    applications: int
    reported: int
    events: int
    slips: int


class _Clock:
    """The office's clock, set to when each thing happened."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def build_demo(
    data: Path, *, today: int, applications: int = APPLICATIONS, reported: int = LEGACY, host: str | None = None
) -> DemoSummary:
    """Make an office in `data`, which must not exist or be empty, as it stands at `today` (seconds since 1970, UTC).

    Where the console is installed, its officers are in staff.json. `host` stands in the address of its slips.
    Raises FileExistsError where something lies there, or was put there meanwhile.
    """
    full = FileExistsError(f"{data} is not empty: the demo's office is made in a folder of its own, by one command")
    if data.is_dir() and any(data.iterdir()):
        raise full
    building = data.with_name(f".{data.name}-building")
    shutil.rmtree(building, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    clock = _Clock(today)
    with open_office(building, clock=clock, host=host) as office:
        summary = _fill(office, clock, applications, reported)
    try:
        building.replace(data)
    except OSError as error:
        shutil.rmtree(building, ignore_errors=True)
        raise (full if error.errno in {ENOTEMPTY, EEXIST} else error) from None
    return summary


def _fill(office: Office, clock: _Clock, applications: int, reported: int) -> DemoSummary:
    today, random = clock.now, Random(_SEED)
    # Only what could be handed in on the first day of all.
    first_day = day_of(today) - _REACHES_BACK
    tables = {
        table.key: [kind for kind in table.kinds.values() if kind.opens is None or kind.opens <= first_day]
        for table in office.tables.all()
    }
    legacy = _import(office, reported, random, tables, today)
    stopped = suspensions(today)
    files: list[File] = []
    events: list[Dated] = [one for stop in stopped for one in _stop(stop)]
    for index in range(applications):
        file = invent(random, tables)
        file.cards = SPECIMEN if index < OF_ONE_HOLDER else {}
        files.append(file)
        # Each life has a source of its own: one more draw in one changes no other.
        events += life(file, Random(f"{_SEED}/{index}"), today, stopped)
    events.sort(key=lambda event: event.at)
    for first in range(0, len(events), _BATCH):
        with office.batch():
            for event in events[first : first + _BATCH]:
                clock.now = event.at
                event.do(office)
    clock.now = today
    # Who was to be told in those months was told then.
    office.execute_write(lambda connection: connection.execute(_TOLD)).result()
    publish_pending(office)
    _publish_content(office, today)
    slips = write_slips(office, files, legacy)
    if find_spec("argon2") is not None:
        hire_staff(office)
    published = publish_pending(office)
    return DemoSummary(len(files), len(legacy), published.position, slips)


def _publish_content(office: Office, today: int) -> None:
    """Publish the sample, which says of itself that nobody confirmed it."""
    said = replace(join_tables(read_content(sample(), "sample.toml"), office.tables.all()), effective=today)
    office.execute_write(lambda connection: content.put(connection, said, sample(), today)).result()


def _import(office: Office, count: int, random: Random, tables: dict[str, list[Kind]], today: int) -> list[LegacyFile]:
    path = office.data / "older-systems.csv"
    legacy = write_legacy(path, count, random, tables, today)
    result = import_file(office, path)
    assert result.refused == 0, "the demo's own file of older systems was refused"
    # Its phones are in the register now, and need not lie about in a second place.
    path.unlink()
    return legacy


def _stop(stop: Suspension) -> list[Dated]:
    events = [Dated(stop.since, lambda office: office.suspend_unit(stop.role, stop.region, at=stop.since))]
    if (until := stop.until) is not None:
        events.append(Dated(until, lambda office: office.resume_unit(stop.role, stop.region, at=until)))
    return events
