"""docs/accessibility.md: every yes names a test, and every test that is named exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

DOC = Path("docs/accessibility.md")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROWS = [
    [cell.strip() for cell in line.strip("| \n").split(" | ")]
    for line in DOC.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_clause_is_answered(row):
    clause, asks, answer, by = row
    assert answer in {"yes", "no", "needs hardware"}
    named = NAMED.findall(by)
    assert named or answer != "yes", f"{clause} says yes and names no test"
    assert asks and by
    for file, test in named:
        assert test in names_in(file), f"{clause}: there is no {file}::{test}"


def test_the_three_standards_are_there():
    text = DOC.read_text(encoding="utf-8")
    assert all(name in text for name in ("EN 301 549", "WCAG 2.2", "707"))
    assert len(ROWS) > 70
