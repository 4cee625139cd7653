"""What the office counts of itself, for Prometheus: no label tells a slot, a number or a person."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


@dataclass(slots=True)
class Tally:
    """Requests of one route: how many by HTTP status, and how long they took (seconds)."""

    statuses: dict[int, int] = field(default_factory=dict[int, int])
    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(_BUCKETS) + 1))

    def add(self, status: int, seconds: Sequence[float]) -> None:
        """Count requests of one status by the times that they took, given in ascending order."""
        self.statuses[status] = self.statuses.get(status, 0) + len(seconds)
        self.seconds += sum(seconds)
        ends = [bisect_right(seconds, bound) for bound in _BUCKETS] + [len(seconds)]
        for index, (start, end) in enumerate(pairwise([0, *ends])):
            self.buckets[index] += end - start


class Metrics(Collector):
    """The counters of one process, in a registry of their own.

    Requests are tallied as plain numbers, by the event loop alone, and become Prometheus' only when it asks: its own
    counters take a lock each, which the hot route would pay for on every lookup.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.routes: dict[str, Tally] = {}
        self.refused_lookups = Counter(
            "istilam_lookups_refused", "Lookups by number and code that were refused.", ("why",), registry=self.registry
        )
        self.card_codes = Counter(
            "istilam_card_codes", "One-time codes for cards: asked for, and tried.", ("how",), registry=self.registry
        )
        self.sms_reports = Counter(
            "istilam_sms_reports", "Delivery reports of the SMS gateway.", ("state",), registry=self.registry
        )
        self.sms = Gauge("istilam_sms", "Messages in the outbox.", ("state",), registry=self.registry)
        self.position = Gauge("istilam_chain_position", "Position of the audit chain.", registry=self.registry)
        self.published = Counter("istilam_events_published", "Events published.", registry=self.registry)
        self.publish_failures = Counter("istilam_publish_failures", "Failed publications.", registry=self.registry)
        self.registry.register(self)

    def requests(self, route: str, status: int, seconds: Sequence[float]) -> None:
        """Count requests of a route, named by its template; their times are in ascending order."""
        self.routes.setdefault(route, Tally()).add(status, seconds)

    def collect(self) -> Iterable[CounterMetricFamily | HistogramMetricFamily]:
        """Give the tallies as Prometheus has them."""
        requests = CounterMetricFamily("istilam_requests", "Requests answered.", labels=("route", "status"))
        times = HistogramMetricFamily("istilam_request_seconds", "Time to answer.", labels=("route",))
        for route, tally in self.routes.items():
            for status, count in tally.statuses.items():
                requests.add_metric((route, str(status)), count)
            up_to: list[tuple[str, float]] = []
            total = 0
            for bound, count in zip((*map(str, _BUCKETS), "+Inf"), tally.buckets, strict=True):
                total += count
                up_to.append((bound, total))
            times.add_metric((route,), up_to, tally.seconds)
        return (requests, times)

    def text(self) -> bytes:
        """Write all in Prometheus' text format."""
        return generate_latest(self.registry)
