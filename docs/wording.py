"""`python docs/wording.py`: write docs/wording.md, every Arabic and French string that people read on screen and paper.

`--check` writes nothing, and fails where docs/wording.md is stale.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from devices.printer.void import WORDS as VOID
from devices.testpage import LINES as TEST_PAGE

ROOT = Path(__file__).resolve().parent.parent
OURS = "ours, to be reviewed"
HEAD = """# Wording

Every string that a visitor reads, in Arabic and French, with where it shows, who reads it, and where it comes from.
Made by `python docs/wording.py`; a test fails when it is stale. The forms of a plural are parted by strokes. The name
of the ministry at the head of slip and page is its own, in `office.toml`.

Sources. *glossary*: the Arabic stands word for word in the ministry's list of terms. *domain*: how the ministry
describes its work. *ours, to be reviewed*: written here, to be read by the ministry before the first terminal is
installed.
"""
COLUMNS = "| key | Arabic | French | where | source |\n|---|---|---|---|---|"

# The names of codes: where each section shows.
SECTIONS = {
    "regions": "Chain of steps, beside the office; foot of the phone's page.",
    "roles": "Chain of steps: the office.",
    "families": "Not shown yet: the heading above the kinds of one family.",
    "services": "Whose file: head of status screen, paper, slip and phone's page.",
    "documents": "List of missing documents.",
    "reasons": "Reasons of a return or a rejection.",
    "agencies": "Checks that other administrations have not answered yet.",
    "systems": "Chain of steps, after “reported by”.",
}
GLOSSARY = {
    *("roles.registry", "roles.head_of_department", "roles.head_of_service", "roles.director_general"),
    "roles.minister",
    *("services.work_permits.permit", "services.work_permits.employer_change"),
    *("documents.lab_tests", "documents.insurance_policy"),
    *("agencies.general_security", "agencies.social_security", "agencies.commercial_register"),
}
DOMAIN = {"regions", "families.work_permits", "families.companies"}

Row = tuple[str, str, str, str, str]
"""Key, Arabic, French, where it shows, source."""


def wording() -> str:
    """Return the text of docs/wording.md."""
    central = ROOT / "central_api"
    parts = [
        ("Terminal: screens and papers", "Read by the visitor; the self-test by the technician.", terminal()),
        ("Slip", "Read by the visitor, on the paper that the desk gives him.", words(central / "documents/slip.toml")),
        ("SMS", "Read by whoever holds the visitor's phone.", words(central / "notify/texts.toml")),
        ("Phone's page", "Read by whoever opens a slip or checks a receipt on a phone.", phone(central / "web")),
        ("Console", "Read by the office's own people.", console(central / "console/words.toml")),
        ("Names of codes", "Read by the visitor, on screen, paper, slip and phone.", names(central / "contract")),
        ("Printer", "Read by the visitor (the void mark) and by the technician (the test page).", printer()),
    ]
    return HEAD + "".join(f"\n## {title}\n\n{reader}\n\n{COLUMNS}\n{lines(rows)}" for title, reader, rows in parts)


def lines(rows: Iterator[Row]) -> str:
    return "".join(f"| `{key}` | {' | '.join(cells)} |\n" for key, *cells in rows)


def terminal() -> Iterator[Row]:
    arabic, french = (catalogue(language) for language in ("ar", "fr"))
    for key, message in arabic.items():
        where, _, source = " ".join(message.auto_comments).partition("source: ")
        yield key, forms(message), forms(french[key]), where.strip(), source.strip()


def catalogue(language: str) -> dict[str, Message]:
    with (ROOT / f"kiosk/locales/{language}/LC_MESSAGES/istilam.po").open("rb") as written:
        messages = read_po(written, locale=language, abort_invalid=True)
    return {one.id if isinstance(one.id, str) else one.id[0]: one for one in messages if one.id}


def forms(message: Message) -> str:
    texts = [message.string] if isinstance(message.string, str) else message.string or ()
    return " / ".join(dict.fromkeys(texts))


def words(path: Path) -> Iterator[Row]:
    """Rows of a file with tables `ar`, `fr`, `where` and `source`. Raises KeyError for words without a place."""
    tables: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    source = {key: name for name, keys in tables["source"].items() for key in keys}
    for key, arabic in tables["ar"].items():
        french, where = tables["fr"][key], tables["where"][key]
        if isinstance(arabic, str):
            yield key, arabic, french, where, source.get(key, OURS)
        elif arabic.keys() == french.keys():
            for part in arabic:
                yield f"{key}.{part}", arabic[part], french[part], where, source.get(f"{key}.{part}", OURS)
        else:
            one, other = (" / ".join(dict.fromkeys(plural.values())) for plural in (arabic, french))
            yield key, one, other, where, source.get(key, OURS)


class ByLanguage(HTMLParser):
    """Collects the text of the headings and paragraphs of each language."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {}
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.language = dict(attrs).get("lang") if tag in {"h2", "p"} else None

    def handle_data(self, data: str) -> None:
        if self.language:
            self.texts.setdefault(self.language, []).append(data)
            self.language = None


def phone(web: Path) -> Iterator[Row]:
    yield from words(web / "words.toml")
    for name, where in (
        ("index.html", "The page, in a browser without JavaScript."),
        ("technician.html", "To a phone that scanned a code of the technician's: an enrolment code, a readiness slip."),
    ):
        page = ByLanguage()
        page.feed((web / "public" / name).read_text(encoding="utf-8"))
        yield name, " / ".join(page.texts["ar"]), " / ".join(page.texts["fr"]), where, OURS
    script = (web / "public/page.js").read_text(encoding="utf-8")
    arabic, french = re.findall(r'textContent = "([^"·]+) · ([^"·]+) · ', script)[0]
    yield (
        "page.js",
        arabic,
        french,
        "In three languages at once, when the page's words could not be fetched.",
        OURS,
    )


def console(path: Path) -> Iterator[Row]:
    tables: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    for key, arabic in tables["ar"].items():
        yield key, arabic, tables["fr"][key], "Pages of the console.", OURS


def names(contract: Path) -> Iterator[Row]:
    tables: dict[str, Any] = tomllib.loads((contract / "catalogue.toml").read_text(encoding="utf-8"))
    services = {f"services.{family}": kinds for family, kinds in tables.pop("services").items()}
    for section, entries in {**tables, **services}.items():
        for key, entry in entries.items():
            name = f"{section}.{key}"
            source = "glossary" if name in GLOSSARY else "domain" if {section, name} & DOMAIN else OURS
            yield f"{name} ({entry['code']})", entry["ar"], entry["fr"], SECTIONS[section.partition(".")[0]], source


def printer() -> Iterator[Row]:
    yield "void", VOID[0], VOID[1], "Across a paper that was cut off, before the next one.", OURS
    (title, *_), (arabic, *_), (french, *_), *_ = TEST_PAGE
    yield "testpage.title", title, "", "Title of the printer's test page.", OURS
    yield "testpage.text", arabic, french, "The printer's test page: what a good print looks like.", OURS


def main() -> None:
    target = ROOT / "docs/wording.md"
    if "--check" not in sys.argv[1:]:
        target.write_text(wording(), encoding="utf-8")
    elif target.read_text(encoding="utf-8") != wording():
        sys.exit("docs/wording.md is stale: run python docs/wording.py")


if __name__ == "__main__":
    main()
