"""How long a step usually takes, learnt from what it took of late: a range that eight of ten files lie within. Pure.

Time is the calendar's own (`Calendar.clock`): working days with their fraction, since files of a day are not alike.
What counts is the pace of the last weeks, also of files that still wait: of each, how old it was when the window began
and how old it is now (Kaplan and Meier's estimate, 1958, with late entry). So a slowdown shows before slow files are
done, and a file that nobody touches is not left out.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import ceil, floor
from typing import Final

import msgspec

COVERED: Final = 0.80
"""The share of files that a range is to hold."""
FEWEST: Final = 20
"""Under so many cases nothing is said."""
WINDOW: Final = 60.0
"""Working days, back from now, whose pace counts."""
_TOLD_ANEW: Final = 5.0

Place = tuple[int, int, int, int]
"""Family, kind, region (0: all of them), and the step's role."""
Days = tuple[int, int]
"""Working days, least and most, as they are told."""


class Stay(msgspec.Struct, frozen=True, gc=False):
    """One file at one step, in the calendar's days: when it came, and when the step said its word (None: not yet)."""

    place: Place
    began: float
    ended: float | None = None


class Range(msgspec.Struct, frozen=True, gc=False):
    """What is usual somewhere, in working days and their fractions; `days` as it is told; of how many cases."""

    least: float
    median: float
    most: float
    days: Days
    cases: int


class Judged(msgspec.Struct, frozen=True, gc=False):
    """A file of which a range was told when it came: whether it was held, and held as told in whole days."""

    stay: Stay
    told: Range
    held: bool
    held_days: bool


def fit(stays: Iterable[Stay], now: float) -> dict[Place, Range]:
    """Return what is usual at each place with cases enough, as far as it was known at a moment of the calendar."""
    spans: dict[Place, list[tuple[float, float, bool]]] = defaultdict(list)
    for stay in stays:
        if stay.began >= now or (stay.ended is not None and stay.ended <= now - WINDOW):
            continue
        until, over = (now, False) if stay.ended is None or stay.ended > now else (stay.ended, True)
        span = max(0.0, now - WINDOW - stay.began), until - stay.began, over
        family, kind, _, role = stay.place
        for place in (stay.place, (family, kind, 0, role)):
            spans[place].append(span)
    found = ((place, _range(some)) for place, some in spans.items())
    return {place: usual for place, usual in found if usual is not None}


def usual_at(ranges: Mapping[Place, Range], place: Place) -> Range | None:
    """Return what is usual at a place: in its own region, else in all of them, else None: not known yet."""
    family, kind, _, role = place
    return ranges.get(place) or ranges.get((family, kind, 0, role))


def moved(usual: Range, told: Days) -> bool:
    """Say whether what is usual left what is told, by more than its rounding: nothing is told anew for less."""
    return usual.days != told and max(abs(usual.least - told[0]), abs(usual.most - told[1])) > 0.75


def back_test(stays: Iterable[Stay], start: float, end: float) -> Iterator[Judged]:
    """Tell ranges anew every five working days, and judge by them what comes after: by what each file was told.

    Of a file that came within its range's most of the end, nothing can be said yet, whether it is done or not.
    """
    known = sorted(stays, key=lambda stay: stay.began)
    came = [stay.began for stay in known]
    moment = start
    while moment < end:
        ranges = fit(known, moment)
        for stay in known[bisect_right(came, moment) : bisect_right(came, moment + _TOLD_ANEW)]:
            told = usual_at(ranges, stay.place)
            if told is None or stay.began + told.most > end:
                continue
            took = None if stay.ended is None else stay.ended - stay.began
            days = None if stay.ended is None else floor(stay.ended) - floor(stay.began)
            held = took is not None and told.least <= took <= told.most
            held_days = days is not None and told.days[0] <= days <= told.days[1]
            yield Judged(stay, told, held, held_days)
        moment += _TOLD_ANEW


def _range(spans: Sequence[tuple[float, float, bool]]) -> Range | None:
    """Estimate from (age when first seen, age when last seen, whether it ended then)."""
    cases = sum(over for _, _, over in spans)
    if cases < FEWEST:
        return None
    entered = sorted(first for first, _, _ in spans)
    curve, still = [(0.0, 1.0)], 1.0
    for gone, (age, waits) in enumerate(sorted((last, not over) for _, last, over in spans)):
        at_risk = bisect_right(entered, age) - gone
        if not waits and at_risk > 0:
            still *= 1 - 1 / at_risk
            curve.append((age, still))
    # Of so many cases and one more, as many lie beyond the least and beyond the most of them.
    tail = (1 - COVERED) / 2 * (cases + 1) / cases
    oldest = max(last for _, last, _ in spans)
    least, median, most = (_age(curve, share, oldest) for share in (1 - tail, 0.5, tail))
    whole = [(low, max(high, 1)) for low in {floor(least), ceil(least)} for high in {floor(most), ceil(most)}]
    days = min(sorted(whole), key=lambda one: abs(_share(curve, *one) - COVERED))
    return Range(least, median, most, days, cases)


def _age(curve: Sequence[tuple[float, float]], share: float, oldest: float) -> float:
    """Return the age at which no more than a share still waits; the oldest that was seen, if more do."""
    return next((age for age, still in curve if still <= share), oldest)


def _share(curve: Sequence[tuple[float, float]], least: int, most: int) -> float:
    """Return the share that takes so many whole days, counted as people do: the first day does not count."""
    return _waiting(curve, least - 1) - _waiting(curve, most)


def _waiting(curve: Sequence[tuple[float, float]], days: int) -> float:
    """Return the share that still waits after so many whole days, of files that came at any time of their first day."""
    if days < 0:
        return 1.0
    spans = pairwise([*curve, (max(curve[-1][0], days + 1.0), 0.0)])
    return sum(max(0.0, min(until, days + 1) - max(age, days)) * still for (age, still), (until, _) in spans)
