"""The other services and a call for help, for pictures and tests: the office's sample, on a day of November 2026."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from central_api.contract.content import Service, Use
from central_api.contract.content_bytes import decode_content

from .guide_state import Families, Guide, Kinds, OtherServices, Requirements, ShowRequirements, ShowTopic, Topics
from .help_call import HelpCalled, HelpStage

if TYPE_CHECKING:
    from .visit_state import ScreenLanguage, VisitState

FILE: Final = Path(__file__).with_name("sample_content.cbor")
DAY: Final = 20_780
"""23 November 2026, in days since 1970."""


@cache
def guide() -> Guide:
    """Return the sample. It is made by docs/sample_content.py."""
    return Guide(decode_content(FILE.read_bytes()), DAY)


def service(family: int, kind: int) -> Service:
    """Return one of its services."""
    return next(one for one in guide().content.services if (one.family, one.kind) == (family, kind))


def requirements() -> dict[str, Requirements]:
    """Return what there is to print of it, by name: with fees, without any, not open yet, hardly anything known."""
    bare = Guide(replace(guide().content, documents=(), places=(), draft=False), DAY)
    return {
        "permit": Requirements(guide(), service(1, 3)),
        "no-fee": Requirements(guide(), service(3, 2)),
        "not-open": Requirements(guide(), service(1, 7)),
        "bare": Requirements(bare, Service(2, 1)),
    }


def screens(language: "ScreenLanguage") -> "dict[str, VisitState]":
    """Return one state for each picture, by name."""
    topics = {topic.key: topic for topic in guide().content.rights}
    desk = guide().content.place(Use.HELP)
    return {
        "guide": OtherServices(language, guide()),
        "guide-families": Families(language, guide()),
        **{f"guide-kinds-{family}": Kinds(language, guide(), family) for family in (1, 2, 3)},
        **{
            f"requirements-{name}": ShowRequirements(language, sheet, can_print=name != "bare")
            for name, sheet in requirements().items()
        },
        "rights": Topics(language, guide()),
        **{f"rights-{key}": ShowTopic(language, guide(), topic) for key, topic in topics.items()},
        **{f"help-{stage.value}": HelpCalled(language, stage, desk) for stage in HelpStage},
        "help-sent-no-desk": HelpCalled(language, HelpStage.SENT, None),
    }
