"""A simulated visitor: how long a visit takes, with what it takes to walk up, look, read, reach and type.

The screens' time is measured (tests/benchmarks/visitors.py); what people need is a model, and every number of it stands
here. Reading: words a minute of normally sighted adults who read aloud, mean and standard deviation, from
Trauzettel-Klosinski and Dietz, "Standardized Assessment of Reading Performance: The New International Reading Speed
Texts IReST", Investigative Ophthalmology & Visual Science 53 (2012), 5452-5461; in silence people are 238/183 times as
fast (Brysbaert, "How many words do we read per minute?", Journal of Memory and Language 109 (2019), 104047). Everyone
reads every word of every screen, but for the steps of a status that are done or to come: those are looked at. Looking
at a new screen and pressing: the operators M (1.35 s), P (1.1 s) and K (0.28 s) of Card, Moran and Newell, "The
Keystroke-Level Model", Communications of the ACM 23 (1980). The rest, and who comes how often, is assumed: no lobby has
been counted yet.
"""

import json
import random
import statistics
import subprocess
import sys
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from .figures import Figure, percentile

WORDS_A_MINUTE: Final = {"ar": (138, 20), "fr": (195, 26), "en": (228, 30)}
IN_SILENCE: Final = 238 / 183
# Seconds.
WALKS_UP: Final = 2.5  # three metres at 1.2 m/s
PUTS_SLIP: Final = 3.0  # finds the light, lays it there flat
NEXT_SLIP: Final = 2.0  # of a pile in the hand
LOOKS: Final = 1.35
REACHES: Final = 1.1 + 0.28
NEXT_KEY: Final = 0.28 + 0.55  # a digit of a number that is read from paper: half a reach
PAPER_COMES: Final = 2.0  # 173 mm at 250 mm/s, and the cut
TAKES_PAPER: Final = 2.0
WALKS_OFF: Final = 1.0

KINDS: Final = {
    "slip, receipt": 0.50,
    "slip, read": 0.30,
    "number and code": 0.08,
    "agent, five slips": 0.06,
    "what a service asks for": 0.06,
}
LANGUAGES: Final = {"ar": 0.75, "fr": 0.10, "en": 0.15}
STATUSES: Final = {"under-review": 0.60, "completed": 0.20, "returned": 0.15, "rejected": 0.05}
VISITORS: Final = 5000


def run() -> list[Figure]:
    played = _played()
    chance = random.Random(2026)
    seconds: list[float] = []
    screens: list[float] = []
    worked: list[float] = []
    by_kind: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(VISITORS):
        kind, language, status = (_one(chance, of) for of in (KINDS, LANGUAGES, STATUSES))
        visit = played.get((kind, language, status)) or played[kind, language, "under-review"]
        whole = person_seconds(visit, chance) + visit["screens_seconds"]
        seconds.append(whole)
        screens.append(visit["screens_seconds"])
        worked.append(visit["screens_cpu"])
        by_kind[kind].append(whole)
    _show(by_kind, seconds)
    return [
        Figure(
            "a visit, median of all visitors",
            statistics.median(seconds),
            "s",
            f"{VISITORS} visitors of the mix and the model in bench_visitors.py, on screens that were drawn for it",
            limit=40,
        ),
        Figure(
            "of it the screens' own, median",
            statistics.median(screens),
            "s",
            "from each act to the complete picture, all acts of a visit together; drawing in software",
            limit=2,
        ),
        Figure(
            "tap to complete picture, p95",
            percentile([tap for visit in played.values() for tap in visit["taps"]], 95),
            "ms",
            "every press of every kind of visit in three languages, to the finished frame of what follows",
            limit=33,
        ),
        Figure(
            "another language, to its complete picture, p95",
            percentile([switch for visit in played.values() for switch in visit["switches"]], 95),
            "ms",
            "of these the presses of a language, most of them on an answer",
            limit=50,
        ),
        Figure(
            "the screens' own, processor time", statistics.median(worked), "s", "of the window's process, all threads"
        ),
    ]


def person_seconds(visit: dict[str, Any], chance: random.Random) -> float:
    """Return what the person of a visit needs for himself."""
    mean, deviation = WORDS_A_MINUTE[visit["language"]]
    reads = visit["read"] * 60 / (IN_SILENCE * max(mean / 3, chance.gauss(mean, deviation)))
    digits = 19 if visit["kind"] == "number and code" else 0
    presses = visit["presses"] - digits
    slips = PUTS_SLIP + (visit["slips"] - 1) * NEXT_SLIP if visit["slips"] else 0.0
    paper = PAPER_COMES + TAKES_PAPER if visit["papers"] else 0.0
    acts = presses * (LOOKS + REACHES) + digits * NEXT_KEY
    return WALKS_UP + slips + reads + acts + paper + WALKS_OFF


def _played() -> dict[tuple[str, str, str], dict[str, Any]]:
    command = [sys.executable, "-m", "tests.benchmarks.visitors"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1800)
    visits = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {(visit["kind"], visit["language"], visit["status"]): visit for visit in visits}


def _one(chance: random.Random, of: dict[str, float]) -> str:
    return chance.choices(list(of), list(of.values()))[0]


def _show(by_kind: dict[str, list[float]], seconds: list[float]) -> None:
    table = Table(title="Simulated visitors: seconds of a visit")
    for column in ("visit", "share", "median", "p90"):
        table.add_column(column, justify="left" if column == "visit" else "right")
    for kind, took in [*by_kind.items(), ("all", seconds)]:
        p90 = statistics.quantiles(took, n=10)[-1]
        table.add_row(kind, f"{len(took) / VISITORS:.0%}", f"{statistics.median(took):.1f}", f"{p90:.1f}")
    Console(width=100).print(table)
