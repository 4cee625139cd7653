"""What happens among the other services: events, and the effects that the terminal carries out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from .guide_state import Guide
    from .visit_state import ScreenLanguage

# ---- events in ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GuideChanged:
    """The office's content came, or changed, or another day began."""

    guide: "Guide | None"


@dataclass(frozen=True, slots=True)
class ServicesOpened:
    """The visitor asks what a service needs."""


@dataclass(frozen=True, slots=True)
class FamilyOpened:
    """A family of services was touched."""

    family: int


@dataclass(frozen=True, slots=True)
class KindOpened:
    """A kind of request was touched."""

    kind: int


@dataclass(frozen=True, slots=True)
class RightsOpened:
    """The visitor asks about workers' rights."""


@dataclass(frozen=True, slots=True)
class TopicOpened:
    """A topic of workers' rights was touched."""

    key: str


@dataclass(frozen=True, slots=True)
class WentBack:
    """One screen back."""


GuideEvent: TypeAlias = ServicesOpened | FamilyOpened | KindOpened | RightsOpened | TopicOpened | WentBack


# ---- effects out --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CountReader:
    """A visitor has read about a topic: the first of his visit that stood open for long enough."""

    topic: str
    language: "ScreenLanguage"
