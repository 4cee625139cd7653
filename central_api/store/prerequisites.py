"""What must have been granted before: shown by the applicant's own cards, by a number, or on paper at the counter."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from central_api.contract.errors import NotANumber
from central_api.contract.numbers import parse_tracking_number
from central_api.workflow import Kind, RefusalCode
from central_api.workflow.standing import Completed

from .cards import opened_by
from .errors import ActionRefused
from .events import CARD, IDENTITY, UID
from .filed import Filed, find

PAPER: Final = "paper"
"""Stands for a number where the counter saw the paper: what was granted before this register is in none."""


def shown(
    connection: sqlite3.Connection, family: int, kind: Kind, cards: Sequence[tuple[int, str]], earlier: str | None
) -> str | None:
    """Return what shows that what a kind requires was granted: a tracking number, PAPER, or None where nothing does.

    `cards` are the indexes of the holder's cards, by personal field; `earlier` is a number or PAPER. Raises
    ActionRefused for an application that shows nothing of the kind, or where nothing does and the table is strict.
    """
    if not kind.requires:
        return None
    if earlier == PAPER:
        return PAPER
    if earlier:
        return _of_number(connection, family, kind, cards, earlier)
    for _field, index in cards:
        for filed in opened_by(connection, index):
            if _grants(family, kind, filed):
                return filed.tracking
    if kind.strict:
        words = f"{kind.key} needs what was granted before: its number, the holder's document, or the paper itself"
        raise ActionRefused(RefusalCode.EARLIER_NEEDED, words)
    return None


def _of_number(
    connection: sqlite3.Connection, family: int, kind: Kind, cards: Sequence[tuple[int, str]], earlier: str
) -> str:
    try:
        filed = find(connection, parse_tracking_number(earlier))
    except NotANumber:
        filed = None
    if filed is None:
        raise ActionRefused(RefusalCode.EARLIER_WRONG, "no application has the number given as the earlier one")
    if not _grants(family, kind, filed):
        words = f"the earlier application is not one that {kind.key} needs, or it was not granted"
        raise ActionRefused(RefusalCode.EARLIER_WRONG, words)
    query = (
        "SELECT personal.field, personal.value FROM event JOIN personal ON personal.event = event.seq"
        f" WHERE event.application = ? AND personal.field IN ({CARD}, {IDENTITY}, {UID})"
    )
    theirs = dict(connection.execute(query, (filed.row,)).fetchall())
    both = [field for field, _ in cards if field in theirs]
    if both and not any(theirs.get(field) == index for field, index in cards):
        raise ActionRefused(RefusalCode.EARLIER_WRONG, "the earlier application is another holder's")
    return filed.tracking


def _grants(family: int, kind: Kind, filed: Filed) -> bool:
    granted = isinstance(filed.standing.stage, Completed)
    return granted and filed.filing.family == family and filed.filing.kind in kind.requires
