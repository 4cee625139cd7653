"""The self-test's two papers: the code for the scanner, and the readiness slip, laid out as the receipt is."""

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from central_api.contract.readiness import Outcome, Part
from devices import qr
from devices.lettering import Align, isolate
from devices.raster import Raster
from kiosk.marks import Mark
from kiosk.paper import ANSWER, BODY, HEADING, NUMBER, SMALL, STRONG, Paper
from kiosk.receipts import PrintedAt
from kiosk.words import Words, words_of

from .findings import Finding
from .saying import outcome_name, part_name, said

if TYPE_CHECKING:
    from kiosk.visit_state import ScreenLanguage

_DOTS: Final = 8
_SIGN: Final = 30
# The longest result of ten parts has 69 modules: with its margin, 462 dots of the narrowest head's 512.
_SIGNED_DOTS: Final = 6
_MASK: Final = 3
_INDENT: Final = 48
MARKS: Final = {
    Outcome.PASSED: Mark.DONE,
    Outcome.FAILED: Mark.REJECTED,
    Outcome.NOT_PRESENT: Mark.COMING,
    Outcome.CANNOT_TELL: Mark.COMING,
}


def new_code() -> bytes:
    """Return a text for the scanner to read: another one each time, so that no old paper passes for this one."""
    return b"ISTILAM TEST " + secrets.token_hex(8).upper().encode()


def lay_out_code(code: bytes, language: "ScreenLanguage", width_dots: int) -> Raster:
    """Lay out the paper that is shown to the scanner."""
    words = words_of(language)
    paper = Paper(width_dots, words)
    paper.letterhead(words("selftest.code.title"), words("selftest.code.show"))
    paper.skip(16)
    paper.code(qr.raster(code.decode(), _DOTS, "Q"))
    paper.skip(10)
    paper.double_rule()
    return paper.raster()


def lay_out_slip(
    findings: Mapping[Part, Finding],
    language: "ScreenLanguage",
    *,
    width_dots: int,
    terminal: str,
    site: str,
    printed_at: PrintedAt,
    signed: str | None,
) -> Raster:
    """Lay out the readiness slip: is this terminal ready, part by part, and what to do about what is not.

    `signed` is the text of its QR code, None where the terminal has no key to sign with.
    """
    words = words_of(language)
    paper = Paper(width_dots, words)
    paper.letterhead(words("readiness.title"), site or words("readiness.no_site"))
    paper.skip(16)
    paper.rule(2)
    paper.skip(14)
    paper.text(words("terminal", name=words.code(terminal)), NUMBER, align=Align.CENTER)
    paper.skip(14)
    paper.rule(2)
    paper.skip(18)
    paper.box(0, paper.y, 96, 7)
    paper.skip(9)
    paper.text(verdict(findings, words), ANSWER)
    paper.skip(20)
    paper.text(words("readiness.parts"), HEADING)
    paper.skip(8)
    for _, finding in sorted(findings.items()):
        _part(paper, finding)
    _signature(paper, signed)
    _foot(paper, printed_at)
    return paper.raster()


def verdict(findings: Mapping[Part, Finding], words: Words) -> str:
    """Say in one sentence whether the terminal is ready."""
    failed = sum(finding.outcome is Outcome.FAILED for finding in findings.values())
    untold = sum(finding.outcome is Outcome.CANNOT_TELL for finding in findings.values())
    if failed:
        return words.counted("readiness.failed", failed)
    return words.counted("readiness.untold", untold) if untold else words("readiness.ready")


def _part(paper: Paper, finding: Finding) -> None:
    words, top = paper.words, paper.y
    name = isolate(part_name(finding.part, words))
    paper.text(f"{name} · {isolate(outcome_name(finding, words))}", STRONG, indent=_INDENT)
    paper.text(said(finding, words), SMALL, indent=_INDENT)
    paper.skip(10)
    paper.mark(MARKS[finding.outcome], 0, top + 3, _SIGN)


def _signature(paper: Paper, signed: str | None) -> None:
    paper.skip(12)
    paper.rule(1)
    paper.skip(8)
    if signed is not None:
        paper.code(qr.raster(signed, _SIGNED_DOTS, mask=_MASK))
    key = "readiness.unsigned" if signed is None else "readiness.signed"
    paper.text(paper.words(key), SMALL, align=Align.CENTER)


def _foot(paper: Paper, printed_at: PrintedAt) -> None:
    words = paper.words
    key = "paper.printed" if printed_at.trusted else "paper.printed_unverified"
    printed = words(key, date=words.date(printed_at.seconds), time=words.time(printed_at.seconds))
    paper.skip(12)
    paper.rule(1)
    paper.skip(8)
    paper.text(printed, BODY, align=Align.CENTER)
    paper.skip(10)
    paper.double_rule()
