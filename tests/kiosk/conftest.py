"""The catalogues are compiled once for all tests of the terminal, as `make setup` does."""

import pytest

from kiosk.locales.compiling import compile_catalogues


@pytest.fixture(scope="session", autouse=True)
def compiled_words() -> None:
    compile_catalogues()
