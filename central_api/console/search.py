"""Finding files: by number, an older system's number, phone, document, name or company, however it is spelled."""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from starlette.responses import Response

from central_api.contract.catalogue import catalogue
from central_api.contract.errors import NotANumber
from central_api.contract.numbers import parse_tracking_number
from central_api.store import ActionRefused, Filed, codes, deeds, find_all, find_row
from central_api.store.events import CARD, IDENTITY, PHONE, UID
from central_api.store.filed import find
from central_api.store.names import found, names_of
from central_api.store.register import Intake
from central_api.workflow.standing import Completed, Rejected

from .asked import Asked

Hit = tuple[Filed, str, str]
"""A file, the applicant's name and company."""
_MOST: Final = 50
_BY_VALUE: Final = """
    SELECT DISTINCT event.application FROM personal JOIN event ON event.seq = personal.event
    WHERE personal.field {fields} AND personal.value = ? AND event.application IS NOT NULL ORDER BY 1 DESC LIMIT 50
"""
# As the indexes over personal values have it: SQLite takes a partial index only by its own words.
_CARDS: Final = f"IN ({CARD}, {IDENTITY}, {UID})"
_FIELDS: Final = {PHONE: f"= {PHONE}", CARD: _CARDS, IDENTITY: _CARDS, UID: _CARDS}


def search(asked: Asked) -> Response:
    """Show what was found; that it was looked for is written down first, since names are shown."""
    office, account, wanted = asked.desk.office, asked.account, asked.value("q")[:120]
    hits: list[Hit] = []
    if wanted:
        asked.write(lambda connection: deeds.looked(connection, office, account, f"search {wanted}"))
        hits = list(_found(asked, wanted))
    return asked.page("search.html", wanted=wanted, hits=hits, most=_MOST)


def same(asked: Asked, intake: Intake, name: str) -> list[Hit]:
    """Return files that are under way for the same service, of the same phone, document or name."""
    rows = _by_value(asked, PHONE, intake.phone)
    for field, index in intake.cards:
        rows += _by_value(asked, field, index)
    if name:
        rows += [row for row, *_ in found(asked.desk.office.own_reader, name)]
    hits = [_hit(asked, row) for row in dict.fromkeys(rows)]
    filing = intake.filing
    return [
        hit
        for hit in hits
        if (hit[0].filing.family, hit[0].filing.kind) == (filing.family, filing.kind)
        and not isinstance(hit[0].standing.stage, Completed | Rejected)
    ]


def _found(asked: Asked, wanted: str) -> Iterable[Hit]:
    reader = asked.desk.office.own_reader
    rows: list[int] = []
    with suppress(NotANumber):
        filed = find(reader, parse_tracking_number(wanted))
        rows += [filed.row] if filed else []
    systems = catalogue().systems.codes.values()
    rows += [filed.row for filed in find_all(reader, [(system, wanted) for system in systems], ())]
    digits = re.sub(r"[\s\-()]", "", wanted)
    if digits.lstrip("+").isdecimal():
        # Where it is no phone's number, it may be one of an older system.
        with suppress(ActionRefused):
            rows += _by_value(asked, PHONE, codes.phone_of(digits))
    elif re.fullmatch(r"[A-Za-z]-[A-Za-z]{1,3}-\S+", wanted):
        rows += _by_value(asked, CARD, dict(asked.desk.office.shown(wanted))[CARD])
    else:
        rows += [row for row, *_ in found(reader, wanted, _MOST)]
    return [_hit(asked, row) for row in list(dict.fromkeys(rows))[:_MOST]]


def _by_value(asked: Asked, field: int, value: str | None) -> list[int]:
    if value is None:
        return []
    return [row for (row,) in asked.desk.office.own_reader.execute(_BY_VALUE.format(fields=_FIELDS[field]), (value,))]


def _hit(asked: Asked, row: int) -> Hit:
    reader = asked.desk.office.own_reader
    return find_row(reader, row), *names_of(reader, row)
