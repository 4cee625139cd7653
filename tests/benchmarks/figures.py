"""One measured figure, its floor in the same run, and what the issue asks of it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`; `floor` is what a bare peer reached in the same run.

    `limit` bounds the value or, where `of_floor`, its ratio to the floor.

    `higher`: more is better. `measures` says in one sentence what the value includes.
    """

    name: str
    value: float
    unit: str
    measures: str
    limit: float | None = None
    higher: bool = False
    floor: float | None = None
    of_floor: bool = False

    @property
    def judged(self) -> float:
        return self.value / self.floor if self.of_floor and self.floor else self.value

    @property
    def met(self) -> bool | None:
        if self.limit is None:
            return None
        return self.judged >= self.limit if self.higher else self.judged <= self.limit

    def row(self) -> dict[str, object]:
        return asdict(self) | {"ratio": self.value / self.floor if self.floor else None, "met": self.met}


def timed(run: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    started = perf_counter()
    run()
    return perf_counter() - started


def middle(rounds: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the round of median ratio out of several, each a rate and its floor taken in turn.

    What slows the machine down for a while slows both, so their ratio is steadier than either.
    """
    return sorted(rounds, key=lambda pair: pair[0] / pair[1])[len(rounds) // 2]


def percentile(values: Sequence[float], percent: int) -> float:
    """The given percentile of some values."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def pss_kib(pid: int) -> int:
    """Proportional set size of a process and all its children, in KiB, as the kernel accounts it."""
    total = 0
    for process in [pid, *descendants(pid)]:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def cpu_seconds(pid: int) -> float:
    """User and system time that a process and its children have used, in seconds."""
    ticks = 0
    for process in [pid, *descendants(pid)]:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / 100


def descendants(pid: int) -> list[int]:
    """Children of a process, and theirs."""
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return children + [grandchild for child in children for grandchild in descendants(child)]
