"""A terminal's own office, as whatever asks it sees it."""

from typing import TYPE_CHECKING

from .frozen import frozen
from .office_time import OfficeTime

if TYPE_CHECKING:
    from .clock import TrustedClock
    from .identity import Identity
    from .link import OfficeLink
    from .sync import LinkBelief
    from .vault import Vault


@frozen
class OwnOffice:
    """Where it is asked (`url`), as whom, by which clock; what is held of it, and whether it is believed to answer."""

    vault: "Vault"
    url: str
    clock: "TrustedClock"
    belief: "LinkBelief"
    identity: "Identity | None" = None

    @property
    def time(self) -> OfficeTime:
        """The office's time, by the keys of it that are known."""
        return OfficeTime(self.clock, lambda: self.vault.keys)

    def link(self) -> "OfficeLink":
        """Make a new link; it connects when something is asked."""
        from .link import OfficeLink

        return OfficeLink(self.url, self.identity, self.time)
