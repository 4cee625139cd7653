"""Reports: how long each step takes, where files wait, how terminals are used; and each table as CSV."""

from contextlib import closing
from typing import Final

from starlette.responses import Response

from central_api.contract.catalogue import catalogue
from central_api.contract.status import Office as Unit
from central_api.store import history, queues
from central_api.store.fleet import fleet
from central_api.store.live import Live
from central_api.workflow.rules import unit_of

from . import words
from .asked import Asked
from .sheets import Cell, as_sheet

Table = tuple[list[str], list[list[Cell]]]
"""Headings, and rows: words first, then numbers."""


def show(asked: Asked) -> Response:
    """Show every report."""
    tables = {name: build(asked) for name, build in _REPORTS.items()}
    return asked.page("reports.html", tables=tables)


def as_csv(asked: Asked) -> Response:
    """Answer one report as a file for a spreadsheet: no cell of it is a formula."""
    build = _REPORTS.get(asked.parts["name"])
    if build is None:
        return asked.page("nothing.html", 404)
    headings, rows = build(asked)
    return as_sheet(asked.parts["name"], [headings, *rows])


def _steps(asked: Asked) -> Table:
    office, known = asked.desk.office, catalogue()
    ranges = history.fit(history.stays(office.own_reader, asked.desk.calendar))
    rows: list[list[Cell]] = []
    for (family, kind, region, step), usual in sorted(ranges.items()):
        chain = office.tables.current(known.families.key(family) or "").kinds[kind].steps
        place = words.name_of(asked.language, known.regions, region) if region else asked.say("all_regions")
        role = words.name_of(asked.language, known.roles, chain[min(step, len(chain) - 1)].role)
        service = known.service(family, kind, asked.language) or ""
        rows.append([service, place, role, usual.median, usual.most, usual.cases])
    return [asked.say(key) for key in ("service", "region", "unit", "median", "ninetieth", "cases")], rows


def _waiting(asked: Asked) -> Table:
    office = asked.desk.office
    kinds = [(table, kind) for table in office.tables.all() for kind in table.kinds.values()]
    regions = list(catalogue().regions.codes.values())
    units: dict[Unit, int] = {}
    for _table, kind in kinds:
        for step in kind.steps:
            for region in regions if step.regional else [0]:
                units[unit_of(step, region)] = step.limit
    rows: list[list[Cell]] = []
    for unit in sorted(units, key=lambda unit: (unit.role, unit.region)):
        count = queues.counted(office.own_reader, unit)
        if count:
            oldest = queues.waiting(office.own_reader, [unit], limit=1)[0]
            age = asked.desk.calendar.age(oldest.since, office.clock())
            rows.append([words.unit(asked.language, unit), count, age])
    return [asked.say(key) for key in ("unit", "waiting", "oldest_age")], rows


def _terminals(asked: Asked) -> Table:
    office = asked.desk.office
    with closing(Live(office.data)) as live:
        states = fleet(office.own_reader, live, office.clock())
    rows: list[list[Cell]] = [
        [one.place.name, one.report.visits or 0, one.report.printed or 0, one.report.not_printed or 0]
        for one in states
        if one.report is not None
    ]
    return [asked.say(key) for key in ("terminal", "visits", "prints", "prints_failed")], rows


_REPORTS: Final = {"steps": _steps, "waiting": _waiting, "terminals": _terminals}
