"""The self-test on the touch screen: window, flow and bench joined; every effect of the flow runs beside the window."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from .app import ScreenApp
from .identity import Identity, IdentityWrong
from .machine import SYSTEM
from .screens import Screens
from .screens.selftest import SelfTestScreens
from .selftest.bench import Bench
from .selftest.work import BenchWork
from .selftest_flow import SelfTestFlow
from .selftest_state import Ended, Leave, SelfTestEffect, SelfTestEvent, SelfTestState
from .settings import Settings
from .visit_state import ScreenLanguage

if TYPE_CHECKING:
    from kivy.core.window import WindowBase

SelfTestWindow: TypeAlias = ScreenApp[SelfTestState, SelfTestEvent, SelfTestEffect]


class SelfTest:
    """One self-test of one terminal. `drawn` takes each state whose picture is complete."""

    def __init__(
        self,
        window: "WindowBase",
        settings: Settings,
        language: ScreenLanguage,
        *,
        system: Path = SYSTEM,
        drawn: Callable[[SelfTestState], None] = lambda _: None,
    ) -> None:
        self.identity_wrong = ""
        self._bench = Bench(settings, self._identity(settings), system=system, shown=settings.screen)
        self._flow = SelfTestFlow(language, now=time.monotonic())
        screens = Screens(settings.screen, self._bench.name, pixels_per_mm=settings.pixels_per_mm)
        self.app: SelfTestWindow = ScreenApp(window, self._flow, SelfTestScreens(screens), self._perform, drawn=drawn)
        self._work = BenchWork(self._bench, self.app.post)
        threading.excepthook = lambda failed: self.app.fail(failed.exc_value or failed.exc_type())

    @property
    def state(self) -> SelfTestState:
        return self._flow.state

    def run(self) -> Ended | None:
        """Show it until somebody leaves; returns what was found, None where it was left before the end."""
        self._bench.start()
        try:
            for effect in self._flow.begin():
                self._perform(effect)
            self.app.run()
        finally:
            self._bench.stop()
        return self._flow.state if isinstance(self._flow.state, Ended) else None

    def _identity(self, settings: Settings) -> Identity | None:
        """Who this terminal is; one whose identity is damaged is tested as nobody, and the network says so."""
        try:
            return Identity.read(settings.data)
        except IdentityWrong as wrong:
            self.identity_wrong = str(wrong)
            return None

    def _perform(self, effect: SelfTestEffect) -> None:
        match effect:
            case Leave():
                self.app.stop()
            case _:
                self._work.perform(effect)
