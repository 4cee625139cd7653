"""Carries out what the self-test's flow asks of its bench, each piece beside the window."""

import threading
import time
from collections.abc import Callable
from typing import assert_never

from kiosk.selftest_state import (
    Checked,
    PlayTone,
    PrintCode,
    ReadCard,
    ReadCode,
    Report,
    RunChecks,
    SelfTestEvent,
    SendingEnded,
    SlipEnded,
    StepEnded,
)

from .bench import Bench

Work = RunChecks | PrintCode | ReadCode | ReadCard | PlayTone | Report
"""Every effect of the self-test but its end."""


class BenchWork:
    """`post` takes the answers, of any thread."""

    def __init__(self, bench: Bench, post: Callable[[SelfTestEvent], None]) -> None:
        self._bench = bench
        self._post = post

    def perform(self, effect: Work) -> None:
        """Begin a piece of work; returns at once."""
        match effect:
            case RunChecks(run):
                for check in self._bench.machine_checks().values():
                    self._beside(lambda check=check: Checked(run, check()))
            case PrintCode(run, language):
                self._beside(lambda: StepEnded(run, self._bench.print_code(language)))
            case ReadCode(run, seconds):
                self._beside(lambda: StepEnded(run, self._bench.read_code(seconds)))
            case ReadCard(run, seconds):
                self._beside(lambda: StepEnded(run, self._bench.read_card(seconds)))
            case PlayTone(run):
                self._beside(lambda: self._played(run))
            case Report():
                self._report(effect)
            case _:
                assert_never(effect)

    def _played(self, run: int) -> StepEnded | None:
        played = self._bench.play_tone()
        return None if played.detail == "not_asked" else StepEnded(run, played)

    def _report(self, report: Report) -> None:
        now = int(time.time())
        run, findings = report.run, report.findings
        if report.paper:
            self._beside(lambda: SlipEnded(run, self._bench.print_slip(findings, report.language, now)))
        self._beside(lambda: SendingEnded(run, self._bench.send(findings, now)))

    def _beside(self, work: Callable[[], SelfTestEvent | None]) -> None:
        def run() -> None:
            said = work()
            if said is not None:
                self._post(said)

        threading.Thread(target=run, daemon=True).start()
