"""python -m central_api audit: what bears witness of the register, and whether it holds."""

import json
from pathlib import Path

from cyclopts import App

from central_api.publish import Broken, Intact, audit_verify, publish_pending
from central_api.publish.heads import folder_of, heads_in, in_words, signed_head
from central_api.store import decode_event, open_office

from .answers import Data, Failed, Json, counted, say

app = App(name="audit", help="The audit chain.")


@app.command
def verify(*, data: Data, receipt: str | None = None, head: Path | None = None, as_json: Json = False) -> None:
    """Replay the whole register, and hold it to its witnesses: a receipt's QR text, and the heads that were posted.

    --head is a file that `audit head` wrote, or a folder of heads that `serve` posted; without it, the folder that
    office.toml names. A folder that was named and holds no head any more is a witness that was taken away: exit 1.
    """
    with open_office(data, create=False) as office:
        folder = head or folder_of(office)
        heads = heads_in(folder)
        found = audit_verify(office, receipt, heads.values())
        named = head is not None or bool(office.settings.heads.folder)
    match found:
        case Broken() as broken:
            raise Failed({"intact": False, "event": broken.event}, f"event {broken.event}: {broken.what}")
        case Intact() as intact:
            words = f"the register holds: {intact.position} events, head {intact.head.hex()}"
    shown: dict[str, object] = {"intact": True, "position": intact.position, "head": intact.head.hex()}
    shown |= {"heads": len(heads), "newest_head": max(heads, default=None)}
    if heads:
        words += f"; heads held: {len(heads)}, the newest {max(heads)}"
    else:
        gone = "is empty" if folder.exists() else "is not there"
        words += f"; BUT NO HEAD BEARS WITNESS: {folder} {gone}, so that a tail that was cut would not show"
        if named:
            raise Failed({**shown, "error": "no_witness"}, words)
    if receipt is not None:
        shown["receipt"] = "holds"
        words += "; the receipt holds"
    say(shown, as_json, words)


@app.command
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


@app.command
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
    say({"events": count}, as_json, f"{counted(count, 'event')} written")
