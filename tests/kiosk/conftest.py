"""The catalogues are compiled once for all tests of the terminal, as `make setup` does."""

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
