"""`python docs/faults.py`: write docs/faults.md, every fault of every device, from the marks of the tests that show it.

`--check` writes nothing, and fails where docs/faults.md is stale. No test is run: pytest only collects.
"""

import contextlib
import io
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROWS = ("tests/devices", "tests/faults")
HEAD = """# Faults

What a terminal does under each fault of each device. Each row is a test of that name, against a peer that has the
fault; a driver that always answers "ready" turns every row red, which is a test too. Made by `python docs/faults.py`
from the marks of those tests; a test fails when it is stale.

*State* is what the driver tells; *the visitor reads* is the English of the screen.
"""
COLUMNS = "| fault | state | the visitor reads | the visit |\n|---|---|---|---|"

Row = tuple[str, str, str, str, str]
"""Device, kind of fault, state, what the visitor reads, whether the visit goes on."""


class Marks:
    """A plugin of pytest that keeps the marks of what was collected."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for mark in item.iter_markers("fault"):
                kwargs = mark.kwargs
                self.rows.append(tuple(kwargs[name] for name in ("device", "kind", "state", "reads", "visit")))


def collected() -> list[Row]:
    """Return the rows in the order of the tests. Raises SystemExit where the tests cannot be collected."""
    marks, said = Marks(), io.StringIO()
    arguments = ["--collect-only", "-qq", "-m", "fault", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts="]
    with contextlib.redirect_stdout(said):
        code = pytest.main([*arguments, "--strict-markers", *(str(ROOT / folder) for folder in ROWS)], plugins=[marks])
    if code != pytest.ExitCode.OK:
        sys.exit(f"the tests cannot be collected:\n{said.getvalue()}")
    return marks.rows


def page(rows: list[Row]) -> str:
    """Return the text of docs/faults.md: a table a device, one row a fault."""
    tables: dict[str, list[str]] = {}
    for device, *cells in dict.fromkeys(rows):
        tables.setdefault(device, []).append(f"| {' | '.join(cells)} |\n")
    parts = (f"\n## {device[0].upper()}{device[1:]}\n\n{COLUMNS}\n{''.join(lines)}" for device, lines in tables.items())
    return HEAD + "".join(parts)


def main() -> None:
    target = ROOT / "docs/faults.md"
    text = page(collected())
    if "--check" not in sys.argv[1:]:
        target.write_text(text, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != text:
        sys.exit("docs/faults.md is stale: run python docs/faults.py")


if __name__ == "__main__":
    main()
