"""How long steps usually take: learnt before and judged after, over a strike and a slowdown."""

from collections import defaultdict
from math import exp, floor
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from central_api.workflow.expected import FEWEST, Judged, Place, Range, Stay, back_test, fit, moved, usual_at

DAYS, STRIKE, SLOWER = 400, (250, 15), (300, 370, 1.6)
ROLES = {2: 1.2, 3: 3.0, 4: 2.5, 5: 5.0, 6: 3.0}
REGIONS = {1: 9, 2: 7, 3: 4, 4: 3, 5: 3, 6: 2}


def history(seed: int, a_day: int = 8) -> list[Stay]:
    """Invent twenty months: four kinds, six regions, five steps. Three weeks nobody works; later all gets slower."""
    random = Random(seed)
    kinds = {kind: random.uniform(0.8, 1.3) for kind in range(1, 5)}
    pace = {region: random.uniform(0.8, 1.4) for region in REGIONS}
    stays: list[Stay] = []
    for day in range(DAYS):
        for _ in range(random.randrange(a_day // 2, a_day * 3 // 2)):
            kind, region = random.choice([*kinds]), random.choices([*REGIONS], [*REGIONS.values()])[0]
            came = day + random.random()
            for role, usual in ROLES.items():
                slow = 1 + (SLOWER[2] - 1) * min(1.0, max(0.0, (came - SLOWER[0]) / (SLOWER[1] - SLOWER[0])))
                took = usual * kinds[kind] * (pace[region] if role < 4 else 1) * slow * exp(random.gauss(0, 0.6))
                done = came + took
                if came < sum(STRIKE) and done >= STRIKE[0]:
                    done += min(STRIKE[1], sum(STRIKE) - came)
                stays.append(Stay((1, kind, region, role), came, done))
                came = done
    return [Stay(one.place, one.began, one.ended if (one.ended or 0) < DAYS else None) for one in stays
        if one.began < DAYS]  # fmt: skip


def share(judged: list[Judged]) -> float:
    return sum(one.held_days for one in judged) / len(judged)


def test_eight_of_ten_files_lie_within_what_they_were_told_over_a_strike_and_a_slowdown() -> None:
    judged = list(back_test(history(7), 120, DAYS))
    assert len(judged) > 8_000
    assert 0.75 <= share(judged) <= 0.85
    # Not by one that is always right and another that is always wrong.
    steps: dict[int, list[Judged]] = defaultdict(list)
    places: dict[Place, list[Judged]] = defaultdict(list)
    weeks: dict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        steps[one.stay.place[3]].append(one)
        places[one.stay.place].append(one)
        weeks[floor(one.stay.began) // 20].append(one)
    assert all(0.72 <= share(some) <= 0.88 for some in steps.values())
    assert all(0.60 <= share(some) <= 0.95 for some in places.values() if len(some) >= 40)
    # Nobody can be told beforehand of a strike; but of what comes after it, and of what gets slower.
    assert [week for week, some in weeks.items() if share(some) < 0.70 and week != STRIKE[0] // 20] == []


def test_under_a_minimum_of_cases_nothing_is_said_and_a_small_region_goes_by_all_of_them() -> None:
    few = [Stay((1, 4, 1, 2), day, day + 1.0) for day in range(FEWEST - 1)]
    assert fit(few, 30) == {}
    many = [*few, *(Stay((1, 4, 2, 2), day, day + 3.0) for day in range(FEWEST))]
    ranges = fit(many, 30)
    assert set(ranges) == {(1, 4, 2, 2), (1, 4, 0, 2)}
    assert usual_at(ranges, (1, 4, 1, 2)) == ranges[1, 4, 0, 2]
    assert usual_at(ranges, (1, 5, 1, 2)) is None


def test_files_that_still_wait_count_with_the_age_they_have() -> None:
    done = [Stay((1, 4, 1, 2), 10 + i / 10, 11 + i / 10) for i in range(40)]
    waits = [Stay((1, 4, 1, 2), 10 + i / 10) for i in range(40)]
    alone, honest = (fit(some, 30)[1, 4, 1, 2] for some in (done, done + waits))
    assert alone.most < 1.5
    # Half of them wait, for up to twenty days: nobody is told that one day is usual at most.
    assert honest.most == 20
    slow = [Stay((1, 4, 1, 2), 10 + i / 10, 22 + i / 10) for i in range(40)]
    assert fit(done + waits, 21)[1, 4, 1, 2].median >= fit(done, 21)[1, 4, 1, 2].median
    assert fit(done + slow, 30)[1, 4, 1, 2].days[1] == 12


def test_what_ended_before_the_window_is_forgotten() -> None:
    old = [Stay((1, 4, 1, 2), i / 10, i / 10 + 9) for i in range(50)]
    assert fit(old, 200) == {}
    new = [Stay((1, 4, 1, 2), 150 + i / 10, 152 + i / 10) for i in range(50)]
    assert fit([*old, *new], 200)[1, 4, 1, 2].days == (2, 2)


def test_nothing_is_told_anew_for_less_than_its_rounding() -> None:
    assert not moved(Range(2.4, 3, 5.2, (2, 5), 30), (2, 5))
    assert not moved(Range(2.6, 3, 5.6, (3, 6), 30), (2, 5))
    assert moved(Range(2.6, 3, 5.9, (3, 6), 30), (2, 5))


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 60), st.booleans()), max_size=80), st.floats(1, 60))
def test_whatever_happened_a_range_is_a_range(spans: list[tuple[float, float, bool]], now: float) -> None:
    stays = [Stay((1, 1, 1, 2), began, began + took if over else None) for began, took, over in spans]
    for usual in fit(stays, now).values():
        assert usual.cases >= FEWEST
        assert 0 <= usual.least <= usual.median <= usual.most <= 60
        assert 0 <= usual.days[0] <= usual.days[1]
        assert usual.days[1] >= 1
