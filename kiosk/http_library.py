"""requests, imported without what guesses the encoding of texts: a terminal reads bytes, and keeps 3.6 MB."""

import sys
import warnings
from typing import Final

_GUESSER: Final = "charset_normalizer"

_imported: Final = _GUESSER in sys.modules
if not _imported:
    sys.modules[_GUESSER] = None  # pyright: ignore[reportArgumentType] - as if not installed: requests does without
try:
    with warnings.catch_warnings(action="ignore"):  # it says that none is there
        import requests
        from requests.adapters import HTTPAdapter
finally:
    if not _imported:
        del sys.modules[_GUESSER]

__all__ = ["HTTPAdapter", "requests"]
