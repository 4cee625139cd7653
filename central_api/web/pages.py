"""The public page: its files as they lie in `public/`, and its words, put together once when the office starts."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from typing import Final

from central_api.contract.catalogue import WRITTEN_LANGUAGES, Section, catalogue

_MEDIA: Final = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
}
FILES: Final = ("index.html", "technician.html", "page.js", "slip.js", "page.css", "icon.svg", "tick.svg", "cross.svg")

PAGE_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file that everyone may read: content, media type, ETag."""

    content: bytes
    media_type: str
    etag: str

    @classmethod
    def of(cls, content: bytes, media_type: str) -> "PublicFile":
        return cls(content, media_type, f'"{hashlib.sha256(content).hexdigest()[:16]}"')


def public_files(ministry: Mapping[str, str], host: str) -> dict[str, PublicFile]:
    """Read all files of the page; `words.json` is made of the catalogue, words.toml, and the ministry's names."""
    folder = resources.files(__package__ or "") / "public"
    files = {name: PublicFile.of((folder / name).read_bytes(), _MEDIA[name.rpartition(".")[2]]) for name in FILES}
    words = json.dumps(page_words(ministry, host), ensure_ascii=False, separators=(",", ":"))
    return {**files, "words.json": PublicFile.of(words.encode(), "application/json")}


def page_words(ministry: Mapping[str, str], host: str) -> dict[str, object]:
    """Return every word of the page: `words` by language, and `names` by section and code."""
    tables = tomllib.loads((resources.files(__package__ or "") / "words.toml").read_text(encoding="utf-8"))
    known = catalogue()
    names: dict[str, object] = {"ministry": dict(ministry), "host": host.upper()}
    for section in fields(known):
        value = getattr(known, section.name)
        if isinstance(value, Section):
            names[section.name] = value.words
    names["services"] = {known.families.code(family): section.words for family, section in known.services.items()}
    return {"words": {language: tables[language] for language in WRITTEN_LANGUAGES}, "names": names}
