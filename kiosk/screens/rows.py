"""The rows of cards that several screens show: documents, and where something is done."""

from typing import Final

from kiosk.places import ToldPlace
from kiosk.requirements import ToldDocument

from .blocks import Block, Line, Named, Signed, Stack
from .board import Pen
from .pictures import picture_sign

_TOGETHER_UP_TO: Final = 150
"""Percent of the usual letters up to which all of a document stands beside its drawing: larger, only its name does."""


def document_rows(pen: Pen, documents: tuple[ToldDocument, ...]) -> tuple[Block, ...]:
    """Return a row for each document: its drawing, its name, what it must look like and who may bring it."""
    theme, palette = pen.theme, pen.theme.palette
    rows: list[Block] = []
    for at, document in enumerate(documents, 1):
        drawing = picture_sign(document.picture, palette)
        name = Line(f"{pen.words.number(at)}. {document.name}", theme.type(36, strong=True), palette.ink)
        details = [Line(text, theme.type(30), palette.soft) for text in document.details]
        if theme.text > _TOGETHER_UP_TO:
            rows.append(Named(Signed(drawing, theme.px(96), theme.px(24), name), tuple(details), theme.px(8)))
        else:
            rows.append(Signed(drawing, theme.px(96), theme.px(24), Stack((name, *details))))
    return tuple(rows)


def place_rows(pen: Pen, place: ToldPlace, near: int) -> tuple[Block, ...]:
    """Return a place's name with its lines, `near` apart."""
    theme, palette = pen.theme, pen.theme.palette
    lines = tuple(Line(text, theme.type(30), palette.soft) for text in place.lines)
    return (Named(Line(place.name, theme.type(34, strong=True), palette.ink), lines, near),)
