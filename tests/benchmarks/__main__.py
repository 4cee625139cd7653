"""`make bench`: every figure against its floor in the same run, as a table and as build/bench.json."""

import argparse
import importlib
import json
import platform
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .figures import Figure

PARTS = (
    *("terminal", "visitors", "chromium", "terminals", "paper", "vault", "office", "imports", "cards", "devices"),
    *("console", "steps", "lists"),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", default=PARTS, help=f"which parts to measure: {' '.join(PARTS)}")
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    arguments = parser.parse_args()
    figures: list[Figure] = []
    for part in arguments.parts:
        print(f"measuring: {part}", file=sys.stderr, flush=True)
        figures += importlib.import_module(f"tests.benchmarks.bench_{part}").run()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "figures": [figure.row() for figure in figures],
    }
    arguments.out.write_text(json.dumps(document, indent=1, ensure_ascii=False))
    _show(figures)
    print(f"written: {arguments.out}")


def _show(figures: list[Figure]) -> None:
    table = Table(title="Istilam: measured, each against its floor in the same run")
    for column in ("figure", "value", "floor", "ratio", "asked", "met"):
        table.add_column(column, justify="left" if column == "figure" else "right")
    for figure in figures:
        ratio = f"{figure.value / figure.floor:.2f}" if figure.floor else ""
        asked = (
            ""
            if figure.limit is None
            else f"{'>=' if figure.higher else '<='} {figure.limit:g}{' x' if figure.of_floor else ''}"
        )
        met = {True: "yes", False: "NO", None: ""}[figure.met]
        floor = f"{figure.floor:,.1f}" if figure.floor else ""
        table.add_row(escape(f"{figure.name} [{figure.unit}]"), f"{figure.value:,.1f}", floor, ratio, asked, met)
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
