"""The terminal's journal: one line of JSON an event, on standard error. Never anything of a visitor."""

import json
import sys
import time
from collections import deque
from typing import Final

LAST: Final = deque[tuple[int, str, bool | None, str]](maxlen=60)
"""The last events, for the staff corner: the machine's time (seconds since 1970, UTC), the event, whether it came or
went (None where it does neither), and what was said."""


def log(event: str, **fields: object) -> None:
    """Write one line: what the office, the link, a disk or the mains did."""
    print(json.dumps({"event": event} | fields), file=sys.stderr, flush=True)
    turned = next((said for said in fields.values() if isinstance(said, bool)), None)
    detail = ", ".join(str(said) for said in fields.values() if not isinstance(said, bool) and said != "")
    LAST.append((int(time.time()), event, turned, detail))
