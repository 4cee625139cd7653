"""The access log: what was asked by route template, how it was answered, how long it took; never whose file it was.

The hot route is told in one line a second, not in one a request: that is cheaper than the lookup itself, and a line for
each would tell whoever reads the log when each slip was looked at.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from structlog.typing import FilteringBoundLogger

from .metrics import Metrics
from .statuses import TEMPLATE as HOT_ROUTE

EVERY_SECONDS: Final = 1.0


@dataclass(slots=True)
class AccessLog:
    """Logs and counts requests of one process; runs in the event loop alone."""

    log: FilteringBoundLogger
    metrics: Metrics
    _times: dict[int, list[float]] = field(default_factory=dict[int, list[float]])

    def one(self, method: str, route: str, status: int, seconds: float) -> None:
        """Write one line for one request."""
        self.metrics.requests(route, status, (seconds,))
        self.log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 2))

    def hot(self, status: int, seconds: float) -> None:
        """Keep the time of a request of the hot route for this second's line of its status."""
        if status not in self._times:
            if not self._times:
                asyncio.get_running_loop().call_later(EVERY_SECONDS, self.flush)
            self._times[status] = []
        self._times[status].append(seconds)

    def flush(self) -> None:
        """Count and write what was kept."""
        for status, times in self._times.items():
            times.sort()
            self.metrics.requests(HOT_ROUTE, status, times)
            slowest = round(times[-1] * 1000, 2)
            self.log.info("requests", route=HOT_ROUTE, status=status, count=len(times), slowest_ms=slowest)
        self._times.clear()
