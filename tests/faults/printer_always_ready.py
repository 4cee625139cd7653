"""A pytest plugin with a driver that lies: every printer is ready, every paper is confirmed, and nothing is printed.

Under it every row of a printer in docs/faults.md must fail: a row that passes proves nothing.
"""

from typing import Any

import pytest

from devices import Confirmed, Ready
from devices.printer import printer
from tests.devices import peers


class AlwaysReady:
    connected = True
    state = Ready()

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def connect(self) -> Ready:
        return self.state

    def watch(self, seconds: float) -> Ready:
        return self.state

    def print(self, raster: Any, begun: Any, progress: Any) -> Confirmed:
        return Confirmed()

    def close(self) -> None:
        pass


def pytest_configure(config: pytest.Config) -> None:
    patch = pytest.MonkeyPatch()
    patch.setattr(printer, "ConfirmingPrinter", AlwaysReady)
    patch.setattr(printer, "FilePrinter", AlwaysReady)
    patch.setattr(peers, "WAIT", 0.5)
    config.add_cleanup(patch.undo)
