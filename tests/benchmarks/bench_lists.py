"""Turning the pages of a list of a thousand files: an agent's longest, in a real window."""

import json
import subprocess
import sys

from .figures import Figure, percentile

FILES = 1000
SHORT = 40


def run() -> list[Figure]:
    """Each turned page, until its frame is complete, against an empty frame of the same window.

    Lists have pages, not a scrolled strip: five keys turn them as a finger does, a hand that trembles chooses what it
    meant, and a panel without a graphics processor draws each page once. So a page has to come within two frames of
    30 a second, and nothing has to move 60 times in one.
    """
    command = [sys.executable, "-m", "tests.benchmarks.turned_pages", str(FILES), str(SHORT)]
    answered = subprocess.run(command, capture_output=True, text=True, check=True)
    measured = json.loads(answered.stdout.splitlines()[-1])
    empty = percentile(measured["empty"], 50)
    return [
        Figure(
            f"a page of a list of {count} files, to its complete picture, p95",
            percentile(measured[str(count)], 95),
            "ms",
            "ListTurned to glFinish after the frame, llvmpipe; against the median of frames of an empty widget",
            floor=empty,
        )
        for count in (SHORT, FILES)
    ]
