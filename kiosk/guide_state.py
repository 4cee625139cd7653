"""The states of a visit to the other services: what each kind of request asks for, and workers' rights.

Nothing in them is anybody's: all of it is the office's content, the same for everyone.
"""

from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from .frozen import frozen

if TYPE_CHECKING:
    from central_api.contract.content import Content, Place, Service, Topic

    from .visit_state import ScreenLanguage


@frozen
class Guide:
    """The office's content, and the day (days since 1970) that fees and openings are told for."""

    content: "Content" = field(repr=False)
    day: int


@frozen
class GuideScreen:
    """Any screen of the other services."""

    language: "ScreenLanguage"


@frozen
class OtherServices(GuideScreen):
    """What there is beside the visitor's own application: one thing to choose."""

    guide: Guide


@frozen
class Families(GuideScreen):
    """Which family of services the visitor asks about."""

    guide: Guide


@frozen
class Kinds(GuideScreen):
    """Which kind of request of a family."""

    guide: Guide
    family: int


@frozen
class Requirements:
    """One kind of request, as screen and paper tell it."""

    guide: Guide
    service: "Service"


@frozen
class ShowRequirements(GuideScreen):
    """Documents, fees and steps of one kind. `can_print`: the printer is not known to be unable to."""

    sheet: Requirements
    can_print: bool


@frozen
class Topics(GuideScreen):
    """Which topic of workers' rights."""

    guide: Guide


@frozen
class ShowTopic(GuideScreen):
    """One topic of workers' rights."""

    guide: Guide
    topic: "Topic"


GuideState: TypeAlias = OtherServices | Families | Kinds | ShowRequirements | Topics | ShowTopic


def help_place(guide: Guide) -> "Place | None":
    """Return the desk where people are, where the office's content names one."""
    from central_api.contract.content import Use

    return guide.content.place(Use.HELP)
