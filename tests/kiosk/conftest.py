"""The catalogues are compiled once for all tests of the terminal, as `make setup` does."""

import gc
from collections.abc import Iterator

import pytest

from kiosk.locales.compiling import compile_catalogues

from .window import window


@pytest.fixture(scope="session", autouse=True)
def compiled_words() -> None:
    compile_catalogues()


@pytest.fixture(scope="session")
def the_window() -> None:
    """The one window is open: whatever imports `kiosk.screens` or Kivy in a test comes after it."""
    window()


@pytest.fixture(autouse=True)
def widgets_are_let_go_of_afterwards(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hundreds of screens a test: to look for cycles among their widgets again and again is a third of the time."""
    if "the_window" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.enable()
