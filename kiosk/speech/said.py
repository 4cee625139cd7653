"""One thing to say, and who may hear it."""

from dataclasses import field
from enum import Enum

from kiosk.visit_state import ScreenLanguage

from ..frozen import frozen


class Hearing(Enum):
    """Who hears: nobody, the whole lobby through the loudspeaker, or one ear at headphones or handset."""

    NOBODY = "nobody"
    LOBBY = "lobby"
    EAR = "ear"


@frozen
class Said:
    """A sentence as it is spoken. `private`: it may name somebody, or tell of a file; only an ear may hear it."""

    text: str = field(repr=False)
    language: ScreenLanguage
    private: bool

    def may_reach(self, hearing: Hearing) -> bool:
        return hearing is Hearing.EAR or (hearing is Hearing.LOBBY and not self.private)
