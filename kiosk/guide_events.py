"""What happens among the other services: events, and the effects that the terminal carries out."""

from typing import TYPE_CHECKING, TypeAlias

from .frozen import frozen

if TYPE_CHECKING:
    from .guide_state import Guide
    from .visit_state import ScreenLanguage

# ---- events in ----------------------------------------------------------------------------------------------------


@frozen
class GuideChanged:
    """The office's content came, or changed, or another day began."""

    guide: "Guide | None"


@frozen
class ServicesOpened:
    """The visitor asks what a service needs."""


@frozen
class FamilyOpened:
    """A family of services was touched."""

    family: int


@frozen
class KindOpened:
    """A kind of request was touched."""

    kind: int


@frozen
class RightsOpened:
    """The visitor asks about workers' rights."""


@frozen
class TopicOpened:
    """A topic of workers' rights was touched."""

    key: str


@frozen
class WentBack:
    """One screen back."""


GuideEvent: TypeAlias = ServicesOpened | FamilyOpened | KindOpened | RightsOpened | TopicOpened | WentBack


# ---- effects out --------------------------------------------------------------------------------------------------


@frozen
class CountReader:
    """A visitor has read about a topic: the first of his visit that stood open for long enough."""

    topic: str
    language: "ScreenLanguage"
