"""`python docs/faults.py`: write docs/faults.md, every fault of every device, from the marks of the tests that show it.

`--check` writes nothing, and fails where docs/faults.md is stale. No test is run: pytest only collects.
"""

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROWS = ("tests/devices", "tests/faults")
HEAD = """# Faults

What a terminal does under each fault of each device. Each row is a test of that name, against a peer that has the
fault; a driver that always answers "ready" turns every row red, which is a test too. Made by `python docs/faults.py`
from the marks of those tests; a test fails when it is stale.

*State* is what the driver tells; *the visitor reads* is the English of the screen. At the end: each switch of the dock,
pulled on each screen (`make soak` tries them all).

Few machines' kernels can play input devices, HID scanners and cameras (uinput, uhid, vivid). Where they cannot, the
keys of keypad and keyboard scanner and the reports of USB's own class come over a pipe, as from a recording;
a camera's faults are played where its driver asks the kernel; and the dock's camera is a folder with the pictures that
were held before it, without live picture and hints. `make test-appliance` tries these drivers before
Debian's kernel, which can, in a virtual machine (tests/devices/real_kernel.py).
"""
ON_A_SCREEN = "| switch of the dock | the visitor reads | the visit |\n|---|---|---|"
COLUMNS = "| fault | state | the visitor reads | the visit |\n|---|---|---|---|"

Row = tuple[str, str, str, str, str]
"""Device, kind of fault, state, what the visitor reads, whether the visit goes on."""


class Marks:
    """A plugin of pytest that keeps the marks of what was collected."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.switches: list[dict[str, str]] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for mark in item.iter_markers("fault"):
                kwargs = mark.kwargs
                self.rows.append(tuple(kwargs[name] for name in ("device", "kind", "state", "reads", "visit")))
            self.switches += [mark.kwargs for mark in item.iter_markers("dock")]


def collected() -> Marks:
    """Return what the tests are marked with, in their order. Raises SystemExit where they cannot be collected."""
    os.environ["ISTILAM_DOCK_CELLS"] = "1000"
    marks, said = Marks(), io.StringIO()
    arguments = [
        "--collect-only",
        "-qq",
        "-m",
        "fault or dock",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-o",
        "addopts=",
    ]
    with contextlib.redirect_stdout(said):
        code = pytest.main([*arguments, "--strict-markers", *(str(ROOT / folder) for folder in ROWS)], plugins=[marks])
    if code != pytest.ExitCode.OK:
        sys.exit(f"the tests cannot be collected:\n{said.getvalue()}")
    return marks


def page(marks: Marks) -> str:
    """Return the text of docs/faults.md: a table a device, one row a fault; then a table a screen of the dock."""
    tables: dict[str, list[str]] = {}
    for device, *cells in dict.fromkeys(marks.rows):
        tables.setdefault(device, []).append(f"| {' | '.join(cells)} |\n")
    parts = (f"\n## {device[0].upper()}{device[1:]}\n\n{COLUMNS}\n{''.join(lines)}" for device, lines in tables.items())
    return HEAD + "".join(parts) + "".join(on_screens(marks.switches))


def on_screens(switches: list[dict[str, str]]) -> Iterator[str]:
    """A table a screen; switches after which the visitor reads the same share a row."""
    tables: dict[str, dict[tuple[str, str], list[str]]] = {}
    for told in switches:
        rows = tables.setdefault(told["screen"], {})
        rows.setdefault((told["reads"], told["visit"]), []).append(told["switch"])
    for screen, rows in tables.items():
        lines = "".join(f"| {', '.join(names)} | {reads} | {visit} |\n" for (reads, visit), names in rows.items())
        yield f"\n## On the screen: {screen}\n\n{ON_A_SCREEN}\n{lines}"


def main() -> None:
    target = ROOT / "docs/faults.md"
    text = page(collected())
    if "--check" not in sys.argv[1:]:
        target.write_text(text, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != text:
        sys.exit("docs/faults.md is stale: run python docs/faults.py")


if __name__ == "__main__":
    main()
