"""Rows of an older system, fed over the network by its own key: the same as `import` does with a file."""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from central_api.imports import Imported, WrongFile, import_file, profile_of
from central_api.store import Office, StoreFailed, feeders
from central_api.store.events import SAID, WHO
from central_api.store.feeders import Feeder
from central_api.store.register import tell
from central_api.workflow import Act, Action, Role

from .desk import Desk
from .problems import Code, Refusal

MOST_BYTES: Final = 1 << 30
_MOST_TOLD: Final = 64 * 1024
_SUFFIXES: Final = {"text/csv": ".csv", "application/jsonl": ".jsonl"}


class ImportQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`dry_run`: say what would become of the first rows, and apply none. `profile`: how it is written, by name."""

    dry_run: bool = False
    profile: str = ""


class Report(msgspec.Struct):
    """Counts of rows; `refused_rows`: those refused, as they were, behind line and reason, as far as 64 KB hold."""

    read: int
    applied: int
    unchanged: int
    refused: int
    refused_rows: str


def feeder_of(desk: Desk, authorization: str) -> Feeder:
    """Return whose key a request carries. Raises Refusal."""
    scheme, _, key = authorization.partition(" ")
    known = feeders.feeders(desk.reader, key) if scheme.lower() == "bearer" else []
    if not known or known[0].revoked is not None or known[0].expires <= desk.office.clock():
        raise Refusal(Code.NOT_A_FEEDER)
    return known[0]


async def take_rows(desk: Desk, *, query: ImportQuery, request: Request, feeder: Feeder) -> Response:
    """Take rows as a stream into a file, and apply them."""
    suffix = _SUFFIXES.get(request.headers.get("content-type", "").partition(";")[0].strip().lower())
    if suffix is None:
        raise Refusal(Code.NOT_ROWS)
    with tempfile.TemporaryDirectory(dir=desk.office.data, prefix=".rows-") as folder:
        path, size = Path(folder) / f"rows{suffix}", 0
        with path.open("wb") as file:
            async for chunk in request.stream():
                size += len(chunk)
                if size > MOST_BYTES:
                    raise Refusal(Code.TOO_LARGE)
                await asyncio.to_thread(file.write, chunk)
        try:
            report = await asyncio.to_thread(
                feed,
                desk.office,
                path,
                f"feeder {feeder.name}",
                families=frozenset(feeder.families),
                dry=query.dry_run,
                profile=query.profile,
            )
        except WrongFile:
            raise Refusal(Code.NOT_ROWS) from None
        except StoreFailed:
            raise Refusal(Code.NOT_SAVED) from None
    return Response(msgspec.json.encode(report), media_type="application/json", headers={"cache-control": "no-store"})


def feed(
    office: Office, path: Path, who: str, *, families: frozenset[int] | None, dry: bool, profile: str = ""
) -> Report:
    """Apply a file in somebody's name, or try it; what it did is an event. Raises WrongFile, StoreFailed.

    `profile` names how it is written, "" for our own columns.
    """
    done = import_file(office, path, families=families, dry_run=dry, profile=profile_of(office, profile))
    if not dry:
        now, said = office.clock(), [(WHO, f"0 {who}"), (SAID, _counts(done))]
        office.execute_write(lambda c: tell(c, Act(Action.PEOPLE, Role.INTAKE, now), now, said)).result()
    refused = ""
    if done.refused_file is not None:
        with done.refused_file.open("rb") as file:
            refused = file.read(_MOST_TOLD).decode(errors="ignore")
    return Report(done.read, done.applied, done.unchanged, done.refused, refused)


def _counts(done: Imported) -> str:
    return f"rows fed: {done.applied} applied, {done.unchanged} unchanged, {done.refused} refused"
