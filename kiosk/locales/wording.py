"""Makes docs/wording.md: every Arabic and French string that visitors read, with its place and its source."""

import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from .compiling import read_catalogue

if TYPE_CHECKING:
    from babel.messages.catalog import Message

_HEAD: Final = """# Wording

Every string that a visitor reads, in Arabic and French, with where it shows and where it comes from. Made by
`python -m kiosk.locales --wording docs/wording.md` from `kiosk/locales/` and `central_api/contract/catalogue.toml`; a
test fails when it is stale. *glossary*: the ministry's terms; *domain*: how the ministry describes its work; *ours, to
be reviewed*: written here, and to be read by the ministry before the first terminal is installed.

"""


def wording() -> str:
    """Return the text of docs/wording.md."""
    return _HEAD + _screens_and_paper() + "\n" + _catalogue()


def _screens_and_paper() -> str:
    french = read_catalogue("fr")
    rows = ["## Screens and paper", "", "| key | Arabic | French | where | source |", "|---|---|---|---|---|"]
    for message in read_catalogue("ar"):
        if not message.id:
            continue
        key = _key(message)
        other = french.get(key)
        where, source = _notes(message)
        rows.append(f"| `{key}` | {_text(message)} | {_text(other) if other else ''} | {where} | {source} |")
    return "\n".join(rows) + "\n"


def _catalogue() -> str:
    text = (resources.files("central_api.contract") / "catalogue.toml").read_text(encoding="utf-8")
    rows = ["## Names of codes", "", "| key | code | Arabic | French |", "|---|---|---|---|"]
    for name, table in tomllib.loads(text).items():
        sections: dict[str, Any] = {f"services.{family}": kinds for family, kinds in table.items()}
        if name != "services":
            sections = {name: table}
        for section, entries in sections.items():
            for key, entry in entries.items():
                rows.append(f"| `{section}.{key}` | {entry['code']} | {entry['ar']} | {entry['fr']} |")
    return "\n".join(rows) + "\n"


def _key(message: "Message") -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _text(message: "Message") -> str:
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return " / ".join(dict.fromkeys(forms))


def _notes(message: "Message") -> tuple[str, str]:
    """Where the words show, and their source: the two notes that each entry carries."""
    notes = " ".join(message.auto_comments)
    where, _, source = notes.partition("source: ")
    return where.strip(), source.strip()
