"""Feeding a file of an older system: first as a dry run, then for good, by the registry."""

import shutil
import tempfile
from pathlib import Path

from starlette.responses import Response

from central_api.imports import WrongFile, WrongProfile, read_profile
from central_api.imports.profiles import EXAMPLE
from central_api.store import ActionRefused, feeders
from central_api.web.imports import Report, feed
from central_api.workflow import Role

from .asked import Asked, see_other


def ask(asked: Asked) -> Response:
    """Show the form."""
    return _page(asked) if asked.holds(Role.REGISTRY) else asked.page("nothing.html", 403)


def take(asked: Asked) -> Response:
    """Try a file, or apply it: the same file, sent again, is unchanged."""
    file = asked.files.get("rows")
    if not asked.holds(Role.REGISTRY) or file is None or not file.filename:
        return _page(asked, wrong="feed_none")
    # Any other is refused below, and may be nothing that the disk can name a file by.
    suffix = next((one for one in (".csv", ".jsonl") if file.filename.lower().endswith(one)), "")
    dry = asked.value("what") != "apply"
    with tempfile.TemporaryDirectory(dir=asked.desk.office.data, prefix=".rows-") as folder:
        path = Path(folder) / f"rows{suffix}"
        with path.open("wb") as copy:
            shutil.copyfileobj(file.file, copy)
        try:
            wanted = asked.value("profile")
            report = feed(asked.desk.office, path, asked.account.name, families=None, dry=dry, profile=wanted)
        except WrongFile as error:
            return _page(asked, wrong="feed_wrong", why=str(error))
    return _page(asked, report=report, dry=dry)


def keep(asked: Asked) -> Response:
    """Keep how an older system writes its files."""
    if not asked.holds(Role.REGISTRY):
        return asked.page("nothing.html", 403)
    name, source, office, by = asked.value("name"), asked.value("source"), asked.desk.office, asked.account.signed
    try:
        read_profile(source)
        asked.write(lambda connection: feeders.put_profile(connection, name, source, by, office.clock()))
    except (WrongProfile, ActionRefused) as error:
        return _page(asked, wrong="feed_profile_wrong", why=str(error))
    return see_other("/feed", profile=name)


def _page(asked: Asked, *, report: Report | None = None, dry: bool = False, wrong: str = "", why: str = "") -> Response:
    kept = feeders.profiles(asked.desk.office.own_reader)
    shown = {"kept": kept, "example": EXAMPLE, "report": report, "dry": dry, "wrong": wrong, "why": why}
    return asked.page("feed.html", 400 if wrong else 200, **shown)
