"""Reports: how long each step takes, where files wait, how visitors fare; and each table as CSV."""

from contextlib import closing
from typing import Final

from starlette.responses import Response

from central_api.contract.catalogue import catalogue
from central_api.contract.content_bytes import decode_content
from central_api.contract.readers import ANSWERED, NOT_ANSWERED
from central_api.store import content, history, queues
from central_api.store.fleet import fleet
from central_api.store.history import Place
from central_api.store.live import Live

from . import trends, words
from .asked import Asked
from .sheets import Cell, as_sheet

Table = tuple[list[str], list[list[Cell]]]
"""Headings, and rows: words first, then numbers."""


def show(asked: Asked) -> Response:
    """Show every report: the pace of the months as charts, the others as tables."""
    tables = {name: build(asked) for name, build in _REPORTS.items() if name != "months"}
    everywhere, (headings, rows) = asked.say("all_regions"), tables["steps"]
    tables["steps"] = headings, [row for row in rows if row[1] == everywhere]
    stays, _ = trends.sampled(asked.desk.office, asked.desk.calendar)
    charts = [(_place(asked, (0, 0, 0, one.step))[2], one) for one in trends.lines(trends.months(stays))]
    return asked.page("reports.html", tables=tables, charts=charts, WIDTH=trends.WIDTH, HEIGHT=trends.HEIGHT)


def as_csv(asked: Asked) -> Response:
    """Answer one report as a file for a spreadsheet: no cell of it is a formula."""
    build = _REPORTS.get(asked.parts["name"])
    if build is None:
        return asked.page("nothing.html", 404)
    headings, rows = build(asked)
    return as_sheet(asked.parts["name"], [headings, *rows])


def _steps(asked: Asked) -> Table:
    ranges = history.fit(history.stays(asked.desk.office.own_reader, asked.desk.calendar))
    rows = [[*_place(asked, place), usual.median, usual.most, usual.cases] for place, usual in sorted(ranges.items())]
    return [asked.say(key) for key in ("service", "region", "unit", "median", "ninetieth", "cases")], rows


def _months(asked: Asked) -> Table:
    stays, _ = trends.sampled(asked.desk.office, asked.desk.calendar)
    rows: list[list[Cell]] = [
        [*_place(asked, one.place), one.month, one.median, one.ninetieth, one.cases] for one in trends.months(stays)
    ]
    return [asked.say(key) for key in ("service", "region", "unit", "month", "median", "ninetieth", "cases")], rows


def _place(asked: Asked, place: Place) -> list[Cell]:
    """Name service, region and unit of a place; 0 stands for all of them."""
    known, (family, kind, region, step) = catalogue(), place
    role = words.name_of(asked.language, known.roles, step)
    where = words.name_of(asked.language, known.regions, region) if region else asked.say("all_regions")
    service = known.service(family, kind, asked.language) if family else asked.say("all_services")
    return [service or "", where, role]


def _digital(asked: Asked) -> Table:
    _, decided = trends.sampled(asked.desk.office, asked.desk.calendar)
    rows: list[list[Cell]] = []
    for month in sorted({month for month, _ in decided})[-12:]:
        here, reported = decided[month, True], decided[month, False]
        rows.append([month, round(100 * here / (here + reported)), here, reported])
    return [asked.say(key) for key in ("month", "share", "decided_here", "decided_elsewhere")], rows


def _found(asked: Asked) -> Table:
    counts = {(one.topic, one.language): one.readers for one in content.readers(asked.desk.office.own_reader)}
    told = {language for topic, language in counts if topic in {ANSWERED, NOT_ANSWERED}}
    rows: list[list[Cell]] = []
    for language in sorted(told):
        yes, no = counts.get((ANSWERED, language), 0), counts.get((NOT_ANSWERED, language), 0)
        rows.append([_language(language), yes, no, round(100 * yes / (yes + no))])
    return [asked.say(key) for key in ("language_of", "answered_yes", "answered_no", "share")], rows


def _readers(asked: Asked) -> Table:
    reader = asked.desk.office.own_reader
    published = content.newest(reader, asked.desk.office.clock())
    titles = {topic.key: topic.title for topic in decode_content(published.body).rights} if published else {}
    rows: list[list[Cell]] = []
    for one in content.readers(reader):
        if one.topic not in {ANSWERED, NOT_ANSWERED}:
            # A topic that is published no more has its key alone.
            title = titles[one.topic].of(asked.language) if one.topic in titles else one.topic
            rows.append([title, _language(one.language), one.readers])
    return [asked.say(key) for key in ("topic", "language_of", "readers")], rows


def _language(code: str) -> str:
    return words.tables()[code]["language"] if code in words.tables() else code


def _waiting(asked: Asked) -> Table:
    office = asked.desk.office
    rows: list[list[Cell]] = []
    for unit in office.tables.units():
        count = queues.counted(office.own_reader, unit)
        if count:
            oldest = queues.waiting(office.own_reader, [unit], limit=1)[0]
            age = asked.desk.calendar.age(oldest.since, office.clock())
            rows.append([words.unit(asked.language, unit), count, age])
    return [asked.say(key) for key in ("unit", "waiting_files", "oldest_age")], rows


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


_REPORTS: Final = {
    "months": _months,
    "waiting": _waiting,
    "steps": _steps,
    "digital": _digital,
    "found": _found,
    "terminals": _terminals,
    "readers": _readers,
}
