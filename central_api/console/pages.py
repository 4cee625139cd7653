"""The templates, and what they may call: made once for each language."""

import hashlib
from datetime import date
from functools import cache, partial
from importlib import resources
from typing import cast

from jinja2 import Environment, PackageLoader, StrictUndefined

from central_api.contract.catalogue import WRITTEN_LANGUAGES, catalogue
from central_api.contract.status import Office as Unit
from central_api.store.queues import Entry
from central_api.workflow import Filing

from . import spoken, words


@cache
def static_files() -> tuple[str, dict[str, bytes]]:
    """Return the style sheet and the signs by name, and their edition: a digest of them all, in their addresses."""
    folder = resources.files(__package__ or "") / "static"
    files = {file.name: file.read_bytes() for file in sorted(folder.iterdir(), key=lambda file: file.name)}
    return hashlib.sha256(repr(files).encode()).hexdigest()[:16], files


@cache
def environment(language: str) -> Environment:
    """Return the templates of a language: everything that is put in is escaped."""
    made = Environment(
        loader=PackageLoader(__package__ or ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    cast(dict[str, object], made.globals).update(_callable(language))
    return made


def _callable(language: str) -> dict[str, object]:
    known = catalogue()

    def service(filing: Filing) -> str:
        return known.service(filing.family, filing.kind, language) or ""

    def unit_of_act(entry: Entry) -> str:
        return words.unit(language, Unit(entry.act.role, entry.act.region or 0))

    def date_of(days: int) -> date:
        return date.fromordinal(719_163 + days)

    sections = {
        "document": known.documents,
        "reason": known.reasons,
        "agency": known.agencies,
        "region": known.regions,
        "system": known.systems,
    }
    return {
        **{name: partial(words.name_of, language, section) for name, section in sections.items()},
        "t": partial(words.say, language),
        "static": f"/console/static/{static_files()[0]}",
        "language": language,
        "direction": words.DIRECTIONS[language],
        "languages": WRITTEN_LANGUAGES,
        "language_names": {code: words.say(code, "language") for code in WRITTEN_LANGUAGES},
        "unit": partial(words.unit, language),
        "service": service,
        "day": words.day,
        "moment": words.moment,
        "person": partial(spoken.person, language),
        "spoken": partial(spoken.spoken, language),
        "number_beside": spoken.number_beside,
        "number": words.number,
        "isolated": words.isolated,
        "condition": partial(words.condition, language),
        "refusal": partial(words.refusal, language),
        "unit_of_act": unit_of_act,
        "date_of": date_of,
    }
