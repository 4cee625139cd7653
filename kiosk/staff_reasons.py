"""Why a device or the office does not answer, in the words of the screen: for the reasons that there are words for."""

import re
from typing import TYPE_CHECKING, Final

from devices import reasons

if TYPE_CHECKING:
    from .words import Words

DEVICES: Final = {
    reasons.NOTHING: "nothing",
    reasons.UNPLUGGED: "unplugged",
    reasons.FORBIDDEN: "forbidden",
    reasons.BUSY: "busy",
    reasons.OTHER: "other",
    "it cannot be read": "unreadable",
    "starting": "starting",
    "the printer answers nothing": "silent",
    "the printer is off line": "off_line",
    "the cutter is jammed": "cutter",
    "the printer needs service": "service",
    "the printer reports an error": "error",
    "the printer stopped taking data": "takes_nothing",
    "the device stopped taking data": "takes_nothing",
    "the printer stopped confirming": "confirms_nothing",
    "the printer talks without end": "endless",
    "another driver holds the print journal": "journal_held",
    "the print journal cannot be opened": "journal_shut",
    "it sends more codes than a hand can show": "too_many_codes",
    "its keys come faster than a finger can press them": "too_many_keys",
}
OFFICE: Final = {
    "too late": "too_late",
    "a look-up waited in vain": "too_late",
    "cut off": "cut_off",
    "an answer larger than any of ours": "too_large",
    "the certificate is not of this office": "certificate",
    "a certificate that is not valid at this time": "certificate_date",
    "no key of the office is known": "no_key",
    "this terminal is not enrolled, and an office elsewhere is not trusted on first use": "not_enrolled",
    "the office does not know this terminal": "not_known",
    "the office has revoked this terminal": "revoked",
    "revoked before": "revoked",
    "the office does not say who it is": "nameless",
    "the vault belongs to another office": "other_office",
}
KINDS: Final = {
    "ConnectionError": "no_connection",
    "ConnectTimeout": "too_late",
    "ReadTimeout": "too_late",
    "ReadTimeoutError": "too_late",
    "TimeoutError": "too_late",
    "SSLError": "not_secure",
    "ChunkedEncodingError": "cut_off",
    "ProtocolError": "cut_off",
    "IncompleteRead": "cut_off",
    "ConnectionResetError": "cut_off",
    "BrokenPipeError": "cut_off",
}
"""Errors of the way to the office, which are told by their kind alone."""
DRIVER: Final = {
    "died": "driver_died",
    "hung": "driver_hung",
    "flooded us": "driver_flooded",
    "spoke nonsense": "driver_nonsense",
}
"""How a driver ended."""
_KEYS: Final = DEVICES | OFFICE | KINDS
_ENDED: Final = re.compile(r"its driver (.+?)( and is being started again)?")
_OTHER_MODEL: Final = re.compile(r"a (.+) answers where a (.+) is set")
_STATUS: Final = re.compile(r"the office answers (\d+)")


def reason_in_words(why: str, words: "Words") -> str | None:
    """Return a reason in words; None for any other, such as the system's own, which stands as it is."""
    if key := _KEYS.get(why):
        return words(f"staff.why.{key}")
    if (ended := _ENDED.fullmatch(why)) and (key := DRIVER.get(ended[1])):
        how = words(f"staff.why.{key}")
        return words("staff.why.driver_again", how=how) if ended[2] else how
    if other := _OTHER_MODEL.fullmatch(why):
        return words("staff.why.other_model", found=words.code(other[1]), set=words.code(other[2]))
    if status := _STATUS.fullmatch(why):
        return words("staff.why.status", status=words.code(status[1]))
    return None
