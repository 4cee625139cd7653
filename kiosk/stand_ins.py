"""Libraries imported without what they import in turn and nothing of ours uses: a terminal would keep it for good."""

import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any


@contextmanager
def standing_in(stand_ins: Mapping[str, Any]) -> Generator[None]:
    """Have modules imported meanwhile find these by their names: what they touch of it, or None for not installed.

    What was imported before stays itself, and whoever imports it afterwards gets the real one.
    """
    absent = stand_ins.keys() - sys.modules.keys()
    sys.modules.update({name: stand_ins[name] for name in absent})
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
