"""What the documents lead to is there: every link, and every picture, which shows something."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
PICTURES = sorted((ROOT / "docs" / "pictures").rglob("*.png"))
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def linked(document: Path) -> Iterator[Path]:
    """Give the files of this project that a document links to."""
    for target in LINK.findall(document.read_text()):
        if "://" not in target:
            yield (document.parent / target).resolve()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_to_a_file(document: Path) -> None:
    assert [path for path in linked(document) if not path.exists()] == []


def test_every_picture_stands_in_a_document() -> None:
    shown = {path for document in DOCUMENTS for path in linked(document)}
    assert [path.name for path in PICTURES if path not in shown] == []


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_a_picture_shows_something(picture: Path) -> None:
    """A picture of the reports was once committed empty, and nobody saw it."""
    with Image.open(picture) as image:
        lightest_and_darkest = image.convert("L").getextrema()
    assert lightest_and_darkest[0] != lightest_and_darkest[1]
