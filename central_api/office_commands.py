"""python -m central_api: heads to post, exports, diagrams, slips in bulk: now and then."""

import json
import sqlite3
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from central_api.contract.catalogue import catalogue
from central_api.publish import publish_pending
from central_api.publish.heads import in_words, signed_head
from central_api.store import Filed, Office, decode_event, find_all, find_row, open_office
from central_api.store.codes import code_of
from central_api.workflow import read_table, shipped_sources
from central_api.workflow.draw import draw

from .answers import Data, Failed, Json, say


def head(*, data: Data, out: Path, as_json: Json = False) -> None:
    """Write the register's head of this moment, signed, to the file OUT, and say it in words to post at the entrance.

    `audit verify --head FILE` holds the register to it, on any later day.
    """
    with open_office(data, create=False) as office:
        publish_pending(office)
        page, signed = signed_head(office)
        out.write_bytes(signed)
    words = in_words(page)
    say({"position": page.position, "head": page.head.hex(), "day": words[:10]}, as_json, words)


def export(*, data: Data, out: Path, as_json: Json = False) -> None:
    """Write every published event to OUT (JSONL): head = SHA-256(the head before + event), from 32 zero bytes."""
    query = "SELECT position, head, CAST(body AS BLOB) FROM event WHERE position IS NOT NULL ORDER BY position"
    count = 0
    with open_office(data, create=False) as office, out.open("w", encoding="utf-8") as file:
        for position, end, body in office.own_reader.execute(query):
            event = decode_event(body)
            said = {"position": position, "head": end.hex(), "event": body.hex(), "action": event.act.action.word}
            file.write(json.dumps({**said, "at": event.act.at}) + "\n")
            count += 1
    say({"events": count}, as_json, f"{count} events written")


def draw_tables(*files: Path, language: str = "en") -> None:
    """Draw workflow tables as Mermaid diagrams: the files given, or those that this edition ships."""
    sources = [(str(path), path.read_text(encoding="utf-8-sig")) for path in files] or list(shipped_sources())
    for name, text in sources:
        print(f"%% {name}\n{draw(read_table(text, name), language)}")


def of_legacy(office: Office, system: str, number: str) -> Filed:
    """Return the file that an older system gave a number. Raises Failed."""
    found = find_all(office.own_reader, [(code_of(catalogue().systems, "system", system), number)], ())
    if not found:
        raise Failed({"error": "unknown_number"}, f"no application has this number of {system}")
    return found[0]


def slip_run(
    *, data: Data, system: str, out: Path, most: Annotated[int, Parameter(name="--most")] = 1_000, as_json: Json = False
) -> None:
    """Draw slips with their codes, as PDF into the folder OUT, for files of an older system that never had one.

    Killed, it goes on where it was; the files are named by nothing that says whose they are.
    """
    from central_api.documents.slip import paper_of, write_slip

    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open_office(data, create=False) as office:
        code, count = code_of(catalogue().systems, "system", system), 0
        query = "SELECT id FROM application WHERE system = ? AND id NOT IN (SELECT application FROM slip_drawn) LIMIT ?"
        for (row,) in office.own_reader.execute(query, (code, most)).fetchall():
            filed = find_row(office.own_reader, row)
            write_slip(out / f"slip-{row}.pdf", paper_of(office, office.given(filed)))
            office.execute_write(lambda c, row=row: _drawn(c, row)).result()
            count += 1
    say({"slips": count}, as_json, f"{count} slips drawn")


def _drawn(connection: sqlite3.Connection, row: int) -> None:
    connection.execute("INSERT OR IGNORE INTO slip_drawn VALUES (?)", (row,))
