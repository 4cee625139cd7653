"""A check ends by its deadline, whatever it waits for: a dead disk, a name server, a driver."""

import queue
import threading
from collections.abc import Callable

from central_api.contract.readiness import Part

from .findings import TOO_LATE, Finding


def within(seconds: float, part: Part, check: Callable[[], Finding]) -> Finding:
    """Return what a check finds, or that it came too late. What a bug raises there is raised here.

    A check that never ends keeps its thread, which ends with the process.
    """
    found: queue.SimpleQueue[Finding | BaseException] = queue.SimpleQueue()

    def run() -> None:
        try:
            found.put(check())
        except BaseException as bug:  # noqa: BLE001 - carried over to the thread that waits
            found.put(bug)

    threading.Thread(target=run, name=f"check {part.name.lower()}", daemon=True).start()
    try:
        answer = found.get(timeout=seconds)
    except queue.Empty:
        return Finding(part, TOO_LATE)
    if isinstance(answer, BaseException):
        raise answer
    return answer
