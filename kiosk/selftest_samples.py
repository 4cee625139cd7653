"""Made-up findings and screens of the self-test, for pictures and tests."""

from collections.abc import Mapping
from hashlib import sha512
from typing import Final

from central_api.contract.readiness import Part, encode_readiness
from central_api.contract.readiness_paper import readiness_text

from .samples import HOST, TERMINAL, now
from .selftest.findings import DETAILS, Finding, readiness_of
from .selftest_state import (
    CodePaper,
    Colours,
    ColoursAhead,
    DotsAsked,
    Ended,
    InsertCard,
    Overview,
    Progress,
    SelfTestState,
    Sending,
    ShowCode,
    Slip,
    ToneAsked,
    TouchSpots,
)
from .visit_state import ScreenLanguage


def selftest_findings(**details: str) -> dict[Part, Finding]:
    """Return a finding for each part: what a new terminal finds, but for `details`, such as `printer="paper_out"`."""
    usual = {
        "panel": "good",
        "touch": "good",
        "scanner": "good",
        "printer": "good",
        "card_reader": "absent",
        "sound": "good",
        "clock": "good",
        "disk": "good",
        "network": "good",
        "power": "mains",
    }
    return {
        Part[name.upper()]: Finding(Part[name.upper()], detail, _SELFTEST_VALUES)
        for name, detail in (usual | details).items()
    }


_SELFTEST_VALUES: Final[dict[str, int | str]] = {
    "found": "1080 × 1920",
    "expected": "1920 × 1080",
    "missed": 3,
    "seconds": 2,
    "free": 28414,
    "wear": 93,
    "ms": 34,
    "days": 9,
    "host": "office.labour.example",
    "percent": 64,
}


def signed_readiness(findings: Mapping[Part, Finding]) -> str:
    """Return the text of a readiness slip's code, signed with a key of nobody's."""
    body = encode_readiness(readiness_of(findings, taken=now(), terminal=TERMINAL))
    return readiness_text(HOST, body, "00" * 16, lambda message: sha512(message).digest())


def selftest_screens(language: ScreenLanguage) -> dict[str, SelfTestState]:
    """Return one state for each picture of the self-test, by name."""
    usual = selftest_findings()
    rows = tuple((part, Progress.RUNNING if part > Part.DISK else Progress.WAITING) for part in Part)
    trouble = selftest_findings(
        printer="paper_out", network="no_answer", clock="no_office", panel="bad_dots", touch="missed", disk="worn"
    )
    return {
        "overview": Overview(language, rows, begun=False),
        "overview-finishing": Overview(
            language, tuple((part, usual.get(part, Progress.RUNNING)) for part in Part), begun=True
        ),
        **{f"spots-{at}": TouchSpots(language, at) for at in (0, 4, 8)},
        "colours-ahead": ColoursAhead(language),
        "colour-red": Colours(language, 1),
        "dots": DotsAsked(language),
        **{f"code-{paper.value}": ShowCode(language, paper) for paper in CodePaper},
        "card": InsertCard(language),
        "tone": ToneAsked(language),
        "ended-ready": Ended(language, usual, Slip.PRINTED, Sending.SENT),
        "ended-sending": Ended(language, usual, Slip.PRINTING, Sending.SENDING),
        "ended-trouble": Ended(language, trouble, Slip.NONE, Sending.KEPT),
        **{
            f"ended-all-{at}": Ended(
                language,
                {
                    part: Finding(part, sorted(details)[min(at, len(details) - 1)], _SELFTEST_VALUES)
                    for part, details in DETAILS.items()
                },
                Slip.NOT_PRINTED,
                Sending.LOST,
            )
            for at in range(max(map(len, DETAILS.values())))
        },
    }
