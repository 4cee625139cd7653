"""The terminal's journal: one line of JSON an event, on standard error. Never anything of a visitor."""

import json
import sys


def log(event: str, **fields: object) -> None:
    """Write one line: what the office, the link, a disk or the mains did."""
    print(json.dumps({"event": event} | fields), file=sys.stderr, flush=True)
