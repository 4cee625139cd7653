"""`python docs/settings.py`: write docs/settings.md, every key of a terminal's settings, from the code.

`--check` writes nothing, and fails where docs/settings.md is stale.
"""

import sys
from pathlib import Path

from kiosk.settings import DEFAULT_FILE
from kiosk.settings_keys import KEYS, VERSION, Key
from provisioning.settings import plain, written

TARGET = Path(__file__).with_name("settings.md")
HEAD = f"""# Settings of a terminal

One TOML file, `{DEFAULT_FILE}`, or what `--settings` names. Every key has a default that works; a file
that says nothing is refused, since a power cut may have emptied it. Made by `python docs/settings.py`; a test fails
when it is stale.

```
python -m provisioning settings check                       every mistake, with line, key and what is expected
python -m provisioning settings show                        every key, its value, and where it comes from
python -m provisioning settings set terminal.name T-03      one key, in place; comments stay
python -m provisioning staff-pin                            the PIN of the staff corner, asked for and not shown
```

Each takes `--settings FILE` and `--json`. `version = {VERSION}`, above all tables, is the form of the file; without it
the file is read as of version {VERSION}, and one of another version is refused. Where *office* says so, the office's
word goes before the file's.

**Changes made in the staff corner** (languages, volume, brightness; docs/appliance.md) go before both, for as long as
office and file say what they said when the change was made. As soon as one of them says something else for that key,
its word counts again, and the change is over. So whoever stands before a terminal that is too loud can help at once,
and whoever decides for all terminals has the last word by saying it. `settings show` says `staff` for such a key.
"""
COLUMNS = "| key | takes | default | example | what it is | office |\n|---|---|---|---|---|---|\n"


def text() -> str:
    """Return the text of docs/settings.md."""
    tables = dict.fromkeys(key.name.partition(".")[0] for key in KEYS)
    return HEAD + "".join(f"\n## [{table}]\n\n{COLUMNS}{''.join(map(row, in_table(table)))}" for table in tables)


def in_table(table: str) -> list[Key]:
    return [key for key in KEYS if key.name.startswith(f"{table}.")]


def row(key: Key) -> str:
    default = written(plain(key.default))
    shown = default if default == "not set" else f"`{default}`"
    name = key.name.partition(".")[2]
    return f"| `{name}` | {key.expects} | {shown} | `{name} = {key.example}` | {key.meaning} | {key.office} |\n"


def main() -> None:
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text(), encoding="utf-8")
    elif TARGET.read_text(encoding="utf-8") != text():
        sys.exit("docs/settings.md is stale: run python docs/settings.py")


if __name__ == "__main__":
    main()
