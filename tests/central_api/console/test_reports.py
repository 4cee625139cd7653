"""What the reports say of a history that is known: the pace of each month, the digital share, answers and readers."""

import csv
import io

from central_api.console import trends
from central_api.contract.readers import ANSWERED, NOT_ANSWERED, Readers
from central_api.store import content
from central_api.store.history import Stay
from central_api.workflow.calendar import read_calendar

from .conftest import House

DAY = 86_400
MARCH = 1_772_700_000  # 5 March 2026


def test_the_months_show_how_the_pace_changed_and_only_where_it_is_known():
    slow = [Stay((1, 4, 1, 0), days, MARCH + days) for days in range(1, 41)]
    fast = [Stay((1, 4, 1 + days % 2, 0), 1 + days // 10, MARCH + 31 * DAY) for days in range(40)]
    few = [Stay((1, 4, 1, 0), 9, MARCH + 62 * DAY)] * 19
    shown = trends.months([*slow, *fast, *few])
    everywhere = [one for one in shown if one.place == (1, 4, 0, 0)]
    assert [(one.month, one.median, one.cases) for one in everywhere] == [("2026-03", 21, 40), ("2026-04", 3, 40)]
    assert everywhere[0].ninetieth == 37
    assert [(one.month, one.cases) for one in shown if one.place == (1, 4, 2, 0)] == [("2026-04", 20)]
    (chart,) = trends.lines(shown)
    assert (chart.first, chart.last, chart.most) == ("2026-03", "2026-04", 37)
    assert len(chart.median.split()) == 2
    assert trends.lines(trends.months(few)) == []


def test_a_sample_reaches_back_over_the_whole_register(house: House):
    for _ in range(6):
        house.filed()
    office, calendar = house.office, read_calendar()
    (files,) = office.own_reader.execute("SELECT count(*) FROM application").fetchone()
    seen = [events[0].tracking for events in trends.history.histories(office.own_reader, 10**6)]
    assert len(seen) == len(set(seen)) == files
    third = [events[0].tracking for events in trends.history.histories(office.own_reader, 10**6, 3)]
    assert third == seen[::3]
    stays, decided = trends.sampled(office, calendar)
    assert stays
    assert sum(decided.values()) >= 6


def test_answers_and_readers_are_told_apart_and_told_once(house: House):
    told = Readers(bytes(8), (("wages", 0, 7), (ANSWERED, 1, 9), (NOT_ANSWERED, 1, 3), (ANSWERED, 3, 1)))
    for _ in range(2):
        house.office.execute_write(lambda c: content.count_readers(c, "lobby", told, 1)).result()
    rami = house.people["rami"]

    def rows(name: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(rami.get(f"/reports/{name}.csv").content.decode("utf-8-sig"))))[1:]

    assert sorted(rows("found")) == [["Français", "9", "3", "75"], ["am", "1", "0", "100"]]
    assert rows("readers") == [["wages", "العربية", "7"]]
    assert rows("digital")[0][1] == "100"
