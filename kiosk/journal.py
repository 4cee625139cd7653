"""The terminal's journal: one line of JSON an event, on standard error. Never anything of a visitor."""

import json
import sys
import time
from collections import deque
from typing import Final

LAST: Final = deque[tuple[int, str, str]](maxlen=60)
"""The last events, for the staff corner: the machine's time (seconds since 1970, UTC), the event, what was said."""


def log(event: str, **fields: object) -> None:
    """Write one line: what the office, the link, a disk or the mains did."""
    print(json.dumps({"event": event} | fields), file=sys.stderr, flush=True)
    LAST.append((int(time.time()), event, ", ".join(f"{name}: {said}" for name, said in fields.items() if said != "")))
