"""Parts that more than one paper has: a checklist of documents, and where to go."""

from .paper import BODY, HEADING, SMALL, STRONG, Paper
from .places import ToldPlace
from .requirements import ToldDocument


def write_documents(paper: Paper, title: str, documents: tuple[ToldDocument, ...]) -> None:
    """Write a checklist: a box, the document, what it must look like, who may bring it."""
    paper.text(title, HEADING)
    paper.skip(6)
    for document in documents:
        top = paper.y
        paper.text(document.name, STRONG, indent=44)
        paper.frame(0, top + 4, 26, 26, 3)
        for line in document.details:
            paper.text(line, SMALL, indent=44)
        paper.skip(8)


def write_place(paper: Paper, title: str, place: ToldPlace) -> None:
    """Write where it is, and when it is open."""
    paper.text(title, HEADING)
    paper.text(place.name, STRONG)
    for line in place.lines:
        paper.text(line, BODY)
