"""The paper a visitor takes home: the same account as the screen, in black, with the office's signed code.

Laid out on `kiosk/paper.py`, for 80 mm heads (576 or 512 dots at 203 dpi).
"""

from typing import TYPE_CHECKING, Final

from devices import qr
from devices.lettering import Align, isolate
from devices.raster import Raster

from .account import Account, tell
from .chain import ToldStep
from .frozen import frozen
from .list_state import Group, Listing, group_of
from .marks import Sign
from .paper import ANSWER, BODY, HEADING, NUMBER, SMALL, STRONG, Paper
from .paper_parts import write_documents, write_place
from .words import words_of

if TYPE_CHECKING:
    from .visit_state import ScreenLanguage, Sheet

MODULE_DOTS: Final = 6
_MASK: Final = 3


@frozen
class PrintedAt:
    """When the paper was printed: seconds since 1970 (UTC). Not trusted: the paper says that the time is unverified."""

    seconds: int
    trusted: bool


def lay_out(
    sheet: "Sheet | Listing", language: "ScreenLanguage", *, width_dots: int, terminal: str, printed_at: PrintedAt
) -> Raster:
    """Lay a sheet, or the summary of a list, out as paper of `width_dots` (576 or 512), as long as it needs.

    Raises ValueError where the paper is too narrow for the receipt's code with its quiet zone.
    """
    words = words_of(language)
    paper = Paper(width_dots, words)
    if isinstance(sheet, Listing):
        _summary(paper, sheet)
        write_foot(paper, terminal, printed_at)
        return paper.raster()
    account = tell(sheet, words, lasting=True)
    _head(paper, account)
    _answer(paper, account)
    _chain(paper, account)
    _asked(paper, account)
    _facts(paper, account)
    _proof(paper, sheet.receipt_url, account)
    write_foot(paper, terminal, printed_at)
    return paper.raster()


def _summary(paper: Paper, listing: Listing) -> None:
    """One line a file with its number, and no code: the office signs what it says of each file, never of a list."""
    words = paper.words
    paper.letterhead(words("paper.list.title"), words("paper.not_payment"))
    paper.skip(16)
    paper.rule(2)
    group: Group | None = None
    for sheet in listing.shown:
        if group_of(sheet.status) is not group:
            group = group_of(sheet.status)
            paper.skip(16)
            paper.text(words(f"list.group.{group.name.lower()}"), HEADING)
            paper.skip(4)
        account = tell(sheet, words, lasting=True)
        paper.skip(10)
        paper.text(f"{account.number} · {isolate(account.service)}", STRONG)
        paper.text(account.answer, BODY)
    paper.skip(16)
    paper.rule(1)
    paper.skip(12)
    paper.text(_oldest(listing, paper), BODY)
    paper.text(words("paper.list.no_code"), SMALL)


def _oldest(listing: Listing, paper: Paper) -> str:
    """Say how old the oldest of them is: no line of the list is older than the paper says."""
    oldest = min(listing.shown, key=lambda sheet: sheet.age.signed_at or 0)
    return tell(oldest, paper.words, lasting=True).age


def _head(paper: Paper, account: Account) -> None:
    words = paper.words
    paper.letterhead(words("paper.title"), words("paper.not_payment"))
    paper.skip(16)
    paper.rule(2)
    paper.skip(14)
    paper.text(account.service, HEADING, align=Align.CENTER)
    paper.text(words("tracking_number"), SMALL, align=Align.CENTER)
    paper.text(account.number, NUMBER, align=Align.CENTER)
    paper.skip(14)
    paper.rule(2)


def _answer(paper: Paper, account: Account) -> None:
    """The one sentence, under a bar that draws the eye to it."""
    paper.skip(18)
    paper.box(0, paper.y, 96, 7)
    paper.skip(9)
    if account.label:
        paper.text(account.label, BODY)
        paper.skip(8)  # the hamza and damma of «أُعيدت» reach above their line
    paper.text(account.answer, ANSWER)
    for detail in account.details:
        paper.text(detail, BODY)
    paper.skip(20)


def _chain(paper: Paper, account: Account) -> None:
    paper.text(paper.words("chain.title"), HEADING)
    paper.skip(8)
    for at, step in enumerate(account.steps):
        _step(paper, step, tied=at < len(account.steps) - 1)


def _step(paper: Paper, step: ToldStep, *, tied: bool) -> None:
    side, indent, top = 30, 48, paper.y
    paper.text(step.title, STRONG, indent=indent)
    paper.text(step.detail, SMALL, indent=indent)
    paper.skip(10)
    if tied:
        # Beside the lettering only: rows between lines stay blank, and a printer skips those.
        paper.box(side // 2 - 1, top + side + 8, 3, 22)
    paper.mark(step.mark, 0, top + 3, side)


def _asked(paper: Paper, account: Account) -> None:
    words = paper.words
    paper.skip(12)
    paper.rule(1)
    paper.skip(14)
    if account.documents:
        write_documents(paper, words("missing.title"), account.documents)
    elif not account.objection:
        paper.text(words("asked.title"), HEADING)
    for line in () if account.objection else account.asked:
        paper.text(line, BODY)
    if account.deadline is not None:
        paper.skip(12)
        top = paper.y
        paper.skip(8)
        paper.text(words(_last_day(account)), BODY, align=Align.CENTER)
        paper.text(account.deadline, ANSWER, align=Align.CENTER)
        paper.skip(6)
        paper.frame(0, top, paper.room, paper.y - top, 3)
    if account.reasons:
        paper.skip(14)
        paper.text(words("reasons.title"), HEADING)
        for reason in account.reasons:
            paper.text(reason, BODY)
    if account.objection:
        paper.skip(14)
        paper.text(words("objection.title"), HEADING)
        for line in account.objection:
            paper.text(line, BODY)
    if account.place is not None:
        paper.skip(14)
        write_place(paper, account.place_title, account.place)
    for notice in account.notices:
        paper.skip(14)
        paper.text(notice.title, HEADING)
        for line in notice.lines:
            paper.text(line, BODY)


def _last_day(account: Account) -> str:
    """Return the words for what the last day is of: documents to hand in, or an objection."""
    if account.sign is Sign.REJECTED:
        return "paper.late_objection" if account.late else "paper.object_until"
    return "paper.late" if account.late else "paper.deadline"


def _facts(paper: Paper, account: Account) -> None:
    """How old this is."""
    paper.skip(14)
    paper.rule(1)
    paper.skip(12)
    paper.text(account.age, BODY)
    if account.link_cut:
        paper.text(paper.words("paper.offline"), BODY)


def _proof(paper: Paper, receipt_url: str, account: Account) -> None:
    words = paper.words
    paper.skip(8)
    paper.code(qr.raster(receipt_url, MODULE_DOTS, mask=_MASK))
    paper.text(account.as_of, STRONG, align=Align.CENTER)
    paper.text(words("paper.proof"), SMALL, align=Align.CENTER)


def write_foot(paper: Paper, terminal: str, printed_at: PrintedAt) -> None:
    """End a paper: when it was printed, and where."""
    words = paper.words
    key = "paper.printed" if printed_at.trusted else "paper.printed_unverified"
    printed = words(key, date=words.date(printed_at.seconds), time=words.time(printed_at.seconds))
    paper.skip(12)
    paper.rule(1)
    paper.skip(8)
    place = isolate(words("terminal", name=words.code(terminal)).replace(" ", "\u00a0"))
    paper.text(f"{isolate(printed)} · {place}", SMALL, align=Align.CENTER)
    paper.skip(10)
    paper.double_rule()
