"""How the pace changes from month to month: of a sample of files, taken evenly over the whole register."""

from collections import Counter, defaultdict
from datetime import datetime
from functools import lru_cache
from typing import Final

import msgspec

from central_api.store import Office, history
from central_api.store.history import Place, Stay
from central_api.workflow import Action
from central_api.workflow.calendar import BEIRUT, Calendar
from central_api.workflow.chain import FORWARD

_SAMPLE: Final = 5_000
_MONTHS: Final = 12
_DECIDED: Final = frozenset({*FORWARD.values(), Action.RETURN, Action.REJECT})
WIDTH, HEIGHT = 320, 120


class Month(msgspec.Struct, frozen=True):
    """One month (`2026-11`) at one place: working days in the middle, and of nine out of ten, of how many cases."""

    place: Place
    month: str
    median: int
    ninetieth: int
    cases: int


class Line(msgspec.Struct, frozen=True):
    """A chart of one step: its months, the highest value, and two lines as points of an SVG of WIDTH by HEIGHT."""

    step: int
    first: str
    last: str
    most: int
    median: str
    ninetieth: str


def sampled(office: Office, calendar: Calendar) -> tuple[list[Stay], Counter[tuple[str, bool]]]:
    """Return the stays of a sample, and by month how many decisions were taken here (True) and in older systems.

    A large register changes little by a few events: its sample is read anew after some thousands.
    """
    (events,) = office.own_reader.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
    return _sampled(office, calendar, events if events < 10 * _SAMPLE else events - events % _SAMPLE)


@lru_cache(maxsize=1)
def _sampled(office: Office, calendar: Calendar, _events: int) -> tuple[list[Stay], Counter[tuple[str, bool]]]:
    reader = office.own_reader
    (files,) = reader.execute("SELECT coalesce(max(id), 0) FROM application").fetchone()
    stays: list[Stay] = []
    decided: Counter[tuple[str, bool]] = Counter()
    for events in history.histories(reader, _SAMPLE, 1 + files // _SAMPLE):
        stays += history.stays_of(events, calendar)
        for act in (event.act for event in events if event.act.action in _DECIDED):
            decided[month_of(act.at), act.reported_by is None] += 1
    return stays, decided


def months(stays: list[Stay]) -> list[Month]:
    """Return the last months with cases enough: of each place, of each service together (region 0), and of all (0)."""
    groups: dict[tuple[Place, str], list[Stay]] = defaultdict(list)
    for stay in stays:
        family, kind, _, step = stay.place
        for place in {stay.place, (family, kind, 0, step), (0, 0, 0, step)}:
            groups[place, month_of(stay.ended)].append(msgspec.structs.replace(stay, place=place))
    last = sorted({month for _, month in groups})[-_MONTHS:]
    shown: list[Month] = []
    for (place, month), some in sorted(groups.items(), key=lambda one: one[0]):
        if month in last and len(some) >= history.FEWEST:
            usual = history.fit(some)[place]
            shown.append(Month(place, month, usual.median, usual.most, len(some)))
    return shown


def lines(shown: list[Month]) -> list[Line]:
    """Return a chart of each step, of all services together, where more than one month is known."""
    found: list[Line] = []
    whole = [one for one in shown if one.place[0] == 0]
    top = max((one.ninetieth for one in whole), default=0) or 1
    for step in sorted({one.place[3] for one in whole}):
        some = [one for one in whole if one.place[3] == step]
        if len(some) > 1:
            drawn = (_points([getattr(one, name) for one in some], top) for name in ("median", "ninetieth"))
            found.append(Line(step, some[0].month, some[-1].month, top, *drawn))
    return found


def month_of(at: int) -> str:
    """Return the month of a moment in Beirut, as `2026-11`."""
    return f"{datetime.fromtimestamp(at, BEIRUT):%Y-%m}"


def _points(values: list[int], top: int) -> str:
    step = WIDTH / (len(values) - 1)
    return " ".join(f"{at * step:.1f},{HEIGHT * (1 - value / top):.1f}" for at, value in enumerate(values))
