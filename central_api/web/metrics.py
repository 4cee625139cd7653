"""What the office counts of itself, for Prometheus: no label tells a slot, a number or a person."""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("istilam_requests", "Requests answered.", ("route", "status"), registry=self.registry)
        self.seconds = Histogram(
            "istilam_request_seconds", "Time to answer.", ("route",), registry=self.registry, buckets=_BUCKETS
        )
        self.refused_lookups = Counter(
            "istilam_lookups_refused", "Lookups by number and code that were refused.", ("why",), registry=self.registry
        )
        self.position = Gauge("istilam_chain_position", "Position of the audit chain.", registry=self.registry)
        self.published = Counter("istilam_events_published", "Events published.", registry=self.registry)
        self.publish_failures = Counter("istilam_publish_failures", "Failed publications.", registry=self.registry)
        self.count_request = cache(self._children)

    def _children(self, route: str, status: int) -> tuple[Counter, Histogram]:
        return self.requests.labels(route, str(status)), self.seconds.labels(route)

    def text(self) -> bytes:
        """Write all in Prometheus' text format."""
        return generate_latest(self.registry)
