"""What drivers say of their devices, in the words of the screen: the reasons that they have words of their own for."""

from typing import TYPE_CHECKING, Final

from devices import reasons

if TYPE_CHECKING:
    from .words import Words

KEYS: Final = {
    reasons.NOTHING: "staff.why.nothing",
    reasons.UNPLUGGED: "staff.why.unplugged",
    reasons.FORBIDDEN: "staff.why.forbidden",
    reasons.BUSY: "staff.why.busy",
    reasons.OTHER: "staff.why.other",
    "starting": "staff.why.starting",
    "the printer answers nothing": "staff.why.silent",
    "the printer is off line": "staff.why.off_line",
}


def reason_in_words(why: str, words: "Words") -> str | None:
    """Return a reason in words; None for any other, such as the system's own, which stands as it is."""
    key = KEYS.get(why)
    return None if key is None else words(key)
