"""The register as auditors read it: every event, the newest first, with who made it; nothing can be changed here."""

from typing import Final

from starlette.responses import Response

from central_api.publish import chain_end
from central_api.store import queues

from .asked import Asked

_PAGE: Final = 100


def show(asked: Asked) -> Response:
    """Show a page of the register."""
    reader = asked.desk.office.own_reader
    before = int(asked.value("before")) if asked.value("before").isdecimal() else 2**62
    rows = reader.execute(
        "SELECT event.seq, event.position, event.body, application.tracking FROM event"
        " LEFT JOIN application ON application.id = event.application"
        " WHERE event.seq < ? ORDER BY event.seq DESC LIMIT ?",
        (before, _PAGE),
    ).fetchall()
    entries = [
        (position, queues.entry_of(reader, seq, body), None if tracking is None else f"{tracking:011d}")
        for seq, position, body, tracking in rows
    ]
    end, head = chain_end(reader)
    following = rows[-1][0] if len(rows) == _PAGE else None
    return asked.page("audit.html", entries=entries, position=end, head=head.hex(), following=following)
