"""Feeding a file of an older system: first as a dry run, then for good, by the registry."""

import shutil
import tempfile
from pathlib import Path

from starlette.responses import Response

from central_api.imports import WrongFile
from central_api.web.imports import Report, feed
from central_api.workflow import Role

from .asked import Asked


def ask(asked: Asked) -> Response:
    """Show the form."""
    return _page(asked) if asked.holds(Role.REGISTRY) else asked.page("nothing.html", 403)


def take(asked: Asked) -> Response:
    """Try a file, or apply it: the same file, sent again, is unchanged."""
    file = asked.files.get("rows")
    if not asked.holds(Role.REGISTRY) or file is None or not file.filename:
        return _page(asked, wrong="feed_none")
    suffix = Path(file.filename).suffix.lower()
    dry = asked.value("what") != "apply"
    with tempfile.TemporaryDirectory(dir=asked.desk.office.data, prefix=".rows-") as folder:
        path = Path(folder) / f"rows{suffix}"
        with path.open("wb") as copy:
            shutil.copyfileobj(file.file, copy)
        try:
            report = feed(asked.desk.office, path, asked.account.name, families=None, dry=dry)
        except WrongFile:
            return _page(asked, wrong="feed_wrong")
    return _page(asked, report=report, dry=dry)


def _page(asked: Asked, *, report: Report | None = None, dry: bool = False, wrong: str = "") -> Response:
    return asked.page("feed.html", 400 if wrong else 200, report=report, dry=dry, wrong=wrong)
