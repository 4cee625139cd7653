"""requests, imported without what guesses the encoding of texts: a terminal reads bytes, and keeps 3.6 MB."""

import warnings

from .stand_ins import standing_in

with standing_in({"charset_normalizer": None}), warnings.catch_warnings(action="ignore"):  # it says that none is there
    import requests
    from requests.adapters import HTTPAdapter

__all__ = ["HTTPAdapter", "requests"]
